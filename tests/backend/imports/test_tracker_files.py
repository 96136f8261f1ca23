"""Files of trackers, written here byte by byte: read exactly, refused where they are broken."""

import json
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.imports.crc32c import crc32c, crc32c_of_each
from backend.imports.reading import look, read
from backend.imports.text_lines import LONGEST_LINE_BYTES
from planner.imports.mapping import BatchColumn
from planner.refusal import Refusal
from tests.support.tracker_files import (
    event,
    held,
    history,
    mlflow_database,
    record,
    wandb_file,
)


def refused(path, mapping=None):
    with pytest.raises(Refusal) as found:
        list(read(path, mapping or look(path).suggested))
    return found.value


def test_the_checksum_is_the_published_one():
    """RFC 3720, appendix B.4, and the check value of CRC-32C."""
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43


def bit_by_bit(data):
    state = 0xFFFFFFFF
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = (state >> 1) ^ (0x82F63B78 if state & 1 else 0)
    return state ^ 0xFFFFFFFF


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_checksums_of_many_records_are_those_of_each(records):
    assert crc32c_of_each(records * 4) == [bit_by_bit(one) for one in records] * 4


def test_the_checksum_of_a_long_record_is_the_same():
    long = bytes(range(256)) * 80 + b"end"
    assert crc32c_of_each([long]) == [bit_by_bit(long)]


def test_scalars_of_an_event_file(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(record(event(1, 10.0, 2.0)) + record(event(2, 12.5, float("nan"))))
    (run,) = read(path, look(path).suggested)
    assert run.steps.tolist() == [1, 2]
    assert run.elapsed_s.tolist() == [0, 2.5]
    assert run.diverged_at == 2


@pytest.mark.parametrize(
    ("damage", "code", "number"),
    [
        (lambda data: data[:-1] + b"\0", "import_checksum_wrong", 2),
        (lambda data: data + b"\xff" * 20, "import_checksum_wrong", 3),
        (lambda data: data + record(b"\x0f"), "import_record_broken", 3),
        (lambda data: data + record(b"\x09\x00"), "import_record_broken", 3),
    ],
)
def test_a_broken_event_file_is_refused_with_its_record(tmp_path, damage, code, number):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(damage(record(event(1, 10.0, 2.0)) + record(event(2, 12.5, 1.0))))
    said = refused(path)
    assert (said.code, said.params["record"]) == (code, number)
    assert said.params["offset"] == len(record(event(1, 10.0, 2.0))) * (number - 1)


def test_a_history_of_weights_and_biases(tmp_path):
    path = tmp_path / "run-abc.wandb"
    path.write_bytes(wandb_file(history(1, 2.0), history(2, "NaN"), held(18, b"\x08\x01")))
    (run,) = read(path, look(path).suggested)
    assert (run.name, run.ended, run.diverged_at) == ("abc", "failed", 2)
    assert run.elapsed_s.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[:-1] + b"\0", "import_checksum_wrong"),
        (lambda data: data[:10] + b"\x09" + data[11:], "import_checksum_wrong"),
        # The length of the first record says that it goes on to the end of the file and beyond.
        (lambda data: data[:11] + b"\xff\x7f" + data[13:], "import_checksum_wrong"),
    ],
)
def test_a_broken_history_is_refused(tmp_path, damage, code):
    path = tmp_path / "run-abc.wandb"
    path.write_bytes(damage(wandb_file(history(1, 2.0), history(2, 1.0))))
    assert refused(path).code == code


@pytest.mark.parametrize("form", ["lines", "list", "columns"])
def test_a_history_in_json(tmp_path, form):
    rows = [
        {"_step": 1, "_timestamp": 5.0, "_runtime": 1.0, "loss": 2.0},
        {"_step": 2, "_timestamp": 6.0, "_runtime": 2.0, "loss": "NaN", "pic": {"path": "a"}},
    ]
    columns = {key: {"0": rows[0][key], "1": rows[1][key]} for key in rows[0]}
    text = {
        "lines": "\n".join(map(json.dumps, rows)),
        "list": json.dumps(rows, indent=1),
        "columns": json.dumps(columns),
    }[form]
    path = tmp_path / "history.json"
    path.write_text(text)
    (run,) = read(path, look(path).suggested)
    assert run.steps.tolist() == [1, 2]
    assert run.elapsed_s.tolist() == [1, 2]
    assert run.diverged_at == 2


def test_a_long_history_in_one_line_is_read(tmp_path):
    path = tmp_path / "history.json"
    rows = [{"_step": step, "_runtime": step / 2, "loss": 1 / (step + 1)} for step in range(30_000)]
    path.write_text(json.dumps(rows))
    assert path.stat().st_size > LONGEST_LINE_BYTES
    (run,) = read(path, look(path).suggested)
    assert len(run.steps) == 30_000


def test_the_first_rows_are_those_of_the_names_that_a_tracker_logs(tmp_path):
    path = tmp_path / "history.json"
    path.write_text('{"_step": 1, "_runtime": 2.5, "loss": 4}\n{"_step": 2, "loss": 3}\n')
    seen = look(path)
    names = [column.name for column in seen.columns][: len(seen.first_rows[0])]
    shown = [dict(zip(names, row, strict=True)) for row in seen.first_rows]
    assert [(row["_step"], row["loss"], row["_runtime"]) for row in shown] == [
        ("1", "4", "2.5"),
        ("2", "3", ""),
    ]


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ('[{"a": 1},\n {"a": }]', "import_json_wrong", {"line": 2, "column": 8}),
        ('{"_step": 1, "a": 1}\n{"_step": 2', "import_json_wrong", {"line": 2}),
        ("[1, 2]", "import_json_no_history", {"line": 1}),
        ("[" * 100_000, "import_json_wrong", {"line": 1}),
    ],
)
def test_json_that_is_none_is_refused_with_line_and_column(tmp_path, text, code, params):
    path = tmp_path / "history.json"
    path.write_text(text)
    said = refused(path)
    assert said.code == code
    assert said.params.items() >= params.items()


def test_a_tracking_database_is_read_and_left_as_it_was(tmp_path):
    path = mlflow_database(tmp_path / "mlflow.db")
    before = path.read_bytes()
    (run,) = read(path, look(path).suggested)
    assert (run.name, run.ended, run.diverged_at) == ("one", "failed", 2)
    assert run.elapsed_s.tolist() == [1.0, 2.0]
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]


@pytest.mark.parametrize(
    "metrics",
    [
        "CREATE VIEW metrics AS SELECT * FROM tags",
        "CREATE VIRTUAL TABLE metrics USING fts5(key)",
    ],
)
def test_a_view_or_a_virtual_table_in_place_of_a_table_is_not_read(tmp_path, metrics):
    try:
        path = mlflow_database(tmp_path / "mlflow.db", metrics=metrics)
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no such virtual tables")
    said = refused(path)
    assert (said.code, said.params["table"]) == ("import_table_not_plain", "metrics")


def test_a_database_of_something_else_or_a_damaged_one_is_refused(tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE runs (x)")
    database.close()
    assert refused(other).code == "import_table_missing"
    torn = mlflow_database(tmp_path / "torn.db")
    content = torn.read_bytes()
    torn.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    assert refused(torn).code == "import_table_broken"


def test_a_file_store_names_the_file_and_line_of_what_is_wrong(tmp_path):
    run = tmp_path / "mlruns" / "1" / "abc"
    (run / "metrics" / "val").mkdir(parents=True)
    (run / "meta.yaml").write_text("run_name: one\nstatus: 4\nstart_time: 1000\n")
    (run / "metrics" / "val" / "loss").write_text("2000 2.0 1\n3000 1.5 2\n")
    (found,) = read(tmp_path, look(tmp_path).suggested)
    assert (found.name, found.ended) == ("one", "failed")
    assert found.metrics["val/loss"].tolist() == [2.0, 1.5]
    assert found.elapsed_s.tolist() == [1, 2]
    (run / "metrics" / "val" / "loss").write_text("2000 2.0 1\n3000 low 2\n")
    said = refused(tmp_path)
    assert (said.params["name"], said.params["line"]) == ("val/loss", 2)


def test_an_entry_of_dawnbench_with_its_description(tmp_path):
    (tmp_path / "a.tsv").write_text(
        "epoch\thours\ttop1Accuracy\ttop5Accuracy\n1\t0.5\t40\t70\n2\t1.0\t60\t90\n"
    )
    (tmp_path / "a.json").write_text('{"model": "ResNet 50", "hardware": "8 V100"}')
    seen = look(tmp_path)
    assert [one.field for one in seen.asked] == ["batch_size", "training_samples"]
    mapping = replace(
        seen.suggested, batch_size=BatchColumn(value=256, meaning="global"), training_samples=1000
    )
    (run,) = read(tmp_path, mapping)
    assert run.source == "dawnbench"
    assert run.steps.tolist() == [4, 8]  # ceil(1000 / 256) = 4 an epoch
    assert run.elapsed_s.tolist() == [0.5 * 3600, 3600]
    assert run.metrics["top1Accuracy"].tolist() == [40, 60]


def test_runs_of_one_name_are_told_apart(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "run-x.wandb").write_bytes(wandb_file(history(1, 2.0)))
    assert [run.name for run in look(tmp_path).runs] == ["x", "x (2)"]


def test_arrays_of_the_table_are_not_shared_between_runs(tmp_path):
    path = tmp_path / "run-x.wandb"
    path.write_bytes(wandb_file(history(2, 2.0), history(1, 3.0)))
    (run,) = read(path, look(path).suggested)
    assert run.metrics["loss"].tolist() == [3.0, 2.0]
    assert np.all(np.diff(run.steps) > 0)
