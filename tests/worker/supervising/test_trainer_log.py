from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange.run_log import LARGEST_CHUNK, LONGEST_LINE, LONGEST_LOG
from worker.supervising import trainer_log
from worker.supervising.trainer_log import TrainerLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trainer.log"


@pytest.fixture
def log(path: Path) -> Iterator[TrainerLog]:
    log = TrainerLog(path)
    yield log
    log.close()


def printed(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def everything(log: TrainerLog) -> dict[int, str]:
    """All lines that are left, by number; each chunk arrives."""
    found: dict[int, str] = {}
    while (chunk := log.peek()) is not None:
        found |= dict(enumerate(chunk.lines, start=chunk.first_line))
        log.acknowledge(chunk)
    return found


def test_finished_lines_are_read_and_the_unfinished_one_waits(log: TrainerLog, path: Path) -> None:
    printed(path, b"one\ntw")
    log.read()
    assert everything(log) == {1: "one"}
    printed(path, b"o\nthree\n")
    log.read()
    assert everything(log) == {2: "two", 3: "three"}


def test_at_the_end_the_last_line_needs_no_end(log: TrainerLog, path: Path) -> None:
    printed(path, b"one\nKilled")
    log.read_to_the_end()
    assert everything(log) == {1: "one", 2: "Killed"}


def test_lines_come_again_until_they_arrived(log: TrainerLog, path: Path) -> None:
    printed(path, b"one\n")
    log.read()
    assert log.peek() == log.peek()
    printed(path, b"two\n")
    log.read()
    assert everything(log) == {1: "one", 2: "two"}
    assert log.peek() is None


def test_what_is_no_text_is_shown_as_far_as_it_can(log: TrainerLog, path: Path) -> None:
    printed(path, b"\x1b[31mcaf\xc3\xa9 \xff\x1b[0m\r\n10 %\r100 %\n")
    log.read()
    assert everything(log) == {1: "café \ufffd", 2: "100 %"}


def test_a_line_that_never_ends_is_cut_and_takes_no_memory(log: TrainerLog, path: Path) -> None:
    for _ in range(20):
        printed(path, b"x" * 100_000)
        log.read()
    printed(path, b"\nnext\n")
    log.read()
    assert everything(log) == {1: "x" * (LONGEST_LINE - 1) + "…", 2: "next"}


def test_a_progress_bar_that_never_ends_shows_its_last_state(log: TrainerLog, path: Path) -> None:
    for share in range(1001):
        printed(path, b"%d of 1000 done\r" % share)
        log.read()
    printed(path, b"\n")
    log.read()
    assert everything(log) == {1: "1000 of 1000 done"}


def test_lines_go_in_chunks_of_a_bounded_size(log: TrainerLog, path: Path) -> None:
    line = "y" * 999
    printed(path, f"{line}\n".encode() * 100)
    log.read()
    first = log.peek()
    assert first is not None
    assert len(first.lines) == LARGEST_CHUNK // 1000
    assert everything(log) == dict.fromkeys(range(1, 101), line)


@pytest.mark.parametrize("lines_at_once", [1, 1000])
def test_of_a_flood_the_newest_lines_are_kept_with_their_numbers(
    log: TrainerLog, path: Path, lines_at_once: int
) -> None:
    text = "z" * 993
    for start in range(0, 1000, lines_at_once):
        lines = range(start + 1, start + 1 + lines_at_once)
        printed(path, "".join(f"{text} {number:5}\n" for number in lines).encode())
        log.read()
    kept = LONGEST_LOG // 1000
    assert everything(log) == {number: f"{text} {number:5}" for number in range(1001 - kept, 1001)}


def test_a_file_that_grew_past_one_look_is_read_to_its_end(log: TrainerLog, path: Path) -> None:
    count = 3 * trainer_log.READ_AT_ONCE_BYTES // 1000
    printed(path, (b"%999s\n" % b"w") * count)
    log.read_to_the_end()
    assert max(everything(log)) == count
