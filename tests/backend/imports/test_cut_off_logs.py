"""Logs of trainings that were killed or go on: read as far as they are whole, and that is told."""

import struct
import zlib

import pytest

from backend.imports.reading import look, read
from tests.support.tracker_files import (
    event,
    held,
    history,
    mlflow_database,
    record,
    wandb_file,
)

TWO_EVENTS = record(event(1, 10.0, 2.0)) + record(event(2, 12.5, 1.0))
TWO_ROWS = wandb_file(history(1, 2.0), history(2, 1.0))


@pytest.mark.parametrize(
    ("name", "whole", "first"),
    [
        ("events.out.tfevents.1", TWO_EVENTS, len(record(event(1, 10.0, 2.0)))),
        ("run-abc.wandb", TWO_ROWS, len(wandb_file(history(1, 2.0)))),
    ],
)
def test_a_log_that_a_kill_cut_off_is_read_up_to_there_and_the_look_says_so(
    tmp_path, name, whole, first
):
    path = tmp_path / name
    for end in range(first + 1, len(whole)):
        path.write_bytes(whole[:end])
        seen = look(path)
        assert [run.cut_off for run in seen.runs] == [True], end
        (run,) = read(path, seen.suggested)
        assert run.metrics["loss"].tolist() == [2.0], end
    for end, rows in ((first, [2.0]), (len(whole), [2.0, 1.0])):
        path.write_bytes(whole[:end])
        assert look(path).cut_off == ()
        (run,) = read(path, look(path).suggested)
        assert run.metrics["loss"].tolist() == rows


def test_a_record_over_several_blocks_that_is_cut_off_is_left_out(tmp_path):
    long = history(2, 1.0) + held(9, bytes(40_000))  # field 9 is none that is read
    blocks = wandb_file(history(1, 2.0))
    room = 32768 - len(blocks) - 7
    for kind, part in ((2, long[:room]), (4, long[room:])):
        checksum = zlib.crc32(part, zlib.crc32(bytes([kind])))
        blocks += struct.pack("<IHB", checksum, len(part), kind) + part
    path = tmp_path / "run-abc.wandb"
    for end, rows in ((len(blocks), [2.0, 1.0]), (len(blocks) - 1, [2.0]), (32768, [2.0])):
        path.write_bytes(blocks[:end])
        (run,) = read(path, look(path).suggested)
        assert run.metrics["loss"].tolist() == rows
        assert look(path).cut_off == (("abc",) if len(rows) == 1 else ())


def test_progress_is_told_while_a_folder_of_a_tracker_is_read(tmp_path):
    for run in ("a", "b", "c"):
        (tmp_path / run).mkdir()
        (tmp_path / run / "events.out.tfevents.1").write_bytes(TWO_EVENTS)
    told = []
    seen = look(tmp_path, None, lambda done, whole: told.append(done / whole))
    assert told == [1 / 3, 2 / 3, 1]
    told.clear()
    list(read(tmp_path, seen.suggested, lambda done, whole: told.append(done / whole)))
    assert told == [1 / 3, 2 / 3, 1]


def test_progress_is_told_within_a_long_log(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    one = len(record(event(1, 10.0, 2.0)))
    path.write_bytes(b"".join(record(event(step, 10.0, 2.0)) for step in range(1, 101)) * 41)
    told = []
    look(path, None, lambda done, whole: told.append((done, whole)))
    assert told == [(2047 * one, 4100 * one), (4095 * one, 4100 * one), (4100 * one, 4100 * one)]


def test_progress_of_mlflow_is_told_by_its_runs(tmp_path):
    path = mlflow_database(tmp_path / "mlflow.db")
    told = []
    look(path, None, lambda done, whole: told.append((done, whole)))
    assert told == [(0, 1)]
