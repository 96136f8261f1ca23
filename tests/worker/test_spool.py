import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from planner.exchange.work import AttemptStart, Finish
from worker.spool import (
    LONGEST_REPORT_BYTES,
    NO_ROOM_CHECK_S,
    SpoolBroken,
    SpoolReader,
    SpoolWriter,
    Stopped,
)

START = AttemptStart(from_step=3)
STOPPED = Stopped(step=9, wall_clock_s=1.5)
FAILED = Finish(
    outcome="failed", step=9, wall_clock_s=1.0, final_metrics={}, detail="line\nline 語"
)


def test_reports_come_out_in_the_order_they_went_in(tmp_path: Path) -> None:
    writer, reader = SpoolWriter(tmp_path / "spool"), SpoolReader(tmp_path / "spool")
    assert reader.peek() is None
    for report in (START, FAILED, STOPPED):
        writer.append(report)
    read = []
    while (report := reader.peek()) is not None:
        read.append(report)
        reader.acknowledge()
    assert read == [START, FAILED, STOPPED]
    writer.close()
    reader.close()


def test_a_report_comes_again_until_it_is_acknowledged(tmp_path: Path) -> None:
    writer, reader = SpoolWriter(tmp_path / "spool"), SpoolReader(tmp_path / "spool")
    writer.append(START)
    writer.append(STOPPED)
    assert reader.peek() == reader.peek() == START
    reader.acknowledge()
    assert reader.peek() == STOPPED
    writer.close()
    reader.close()


def test_a_report_is_seen_behind_others_unless_one_of_another_kind_comes_before_it(
    tmp_path: Path,
) -> None:
    writer, reader = SpoolWriter(tmp_path / "spool"), SpoolReader(tmp_path / "spool")
    for report in (START, STOPPED, FAILED, STOPPED):
        writer.append(report)
    assert reader.peek() == START
    assert reader.waits_behind(Stopped, before=Finish)
    assert not reader.waits_behind(Finish, before=Stopped)
    assert not reader.waits_behind(AttemptStart, before=Finish)
    reader.acknowledge()
    assert reader.peek() == STOPPED
    assert not reader.waits_behind(Stopped, before=Finish)
    assert reader.waits_behind(Stopped, before=AttemptStart)
    writer.close()
    reader.close()


def test_half_a_report_is_not_read(tmp_path: Path) -> None:
    whole, half = tmp_path / "whole", tmp_path / "half"
    writer = SpoolWriter(whole)
    writer.append(FAILED)
    writer.close()
    content = whole.read_bytes()
    reader = SpoolReader(half)
    for length in range(len(content)):
        half.write_bytes(content[:length])
        assert reader.peek() is None
    half.write_bytes(content)
    assert reader.peek() == FAILED
    reader.close()


def test_a_number_that_json_does_not_have_never_enters(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool")
    with pytest.raises(ValueError, match="JSON"):
        writer.append(Stopped(step=1, wall_clock_s=float("inf")))
    writer.close()
    assert (tmp_path / "spool").read_bytes() == b""


@contextmanager
def files_no_larger_than(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_report_that_does_not_fit_waits_and_arrives_whole_once_there_is_room(
    tmp_path: Path,
) -> None:
    writer, reader = SpoolWriter(tmp_path / "spool"), SpoolReader(tmp_path / "spool")
    writer.append(START)
    size = (tmp_path / "spool").stat().st_size
    waiting = threading.Thread(target=writer.append, args=(FAILED,))
    with files_no_larger_than(size + 10):
        waiting.start()
        waiting.join(2 * NO_ROOM_CHECK_S)
        assert waiting.is_alive()
        assert reader.peek() == START
        reader.acknowledge()
        assert reader.peek() is None
    waiting.join()
    assert reader.peek() == FAILED
    writer.close()
    reader.close()


def test_a_report_that_does_not_fit_and_that_nobody_waits_for_is_given_up(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", give_up=lambda: True)
    with files_no_larger_than(10), pytest.raises(OSError, match="No space left"):
        writer.append(FAILED)
    assert (tmp_path / "spool").read_bytes() == b""
    writer.append(START)
    writer.close()


@pytest.mark.parametrize(
    "content",
    [
        b"what a plug-in printed into the wrong file",
        b"-1 x",
        b"%d x" % (LONGEST_REPORT_BYTES + 1),
        b"2 []\n",
        b'9 ["No",{}]\n',
        b'10 [["a"],{}]\n',
        b'16 ["Stopped",null]\n',
        b"100000 " + b"[" * 100000 + b"\n",
        b"3 \xff\xff\xff\n",
    ],
)
def test_what_is_no_report_is_told_as_such(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(content)
    reader = SpoolReader(tmp_path / "spool")
    with pytest.raises(SpoolBroken):
        reader.peek()
    reader.close()
