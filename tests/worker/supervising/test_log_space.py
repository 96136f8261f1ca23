from pathlib import Path

from worker.supervising.log_space import FREED_AT_ONCE_BYTES, LogSpace
from worker.supervising.trainer_log import TrainerLog

LINE = b"x" * 999 + b"\n"
LINES = 4 * FREED_AT_ONCE_BYTES // len(LINE)


def printed(path: Path, lines: int) -> None:
    with path.open("ab") as file:
        file.write(LINE * lines)


def on_disk(path: Path) -> int:
    """Bytes that the file takes; its size stays as it is."""
    return path.stat().st_blocks * 512


def last_line(log: TrainerLog) -> int:
    number = 0
    while (chunk := log.peek()) is not None:
        log.acknowledge(chunk)
        number = chunk.last_line
    return number


def test_a_log_that_grows_takes_no_more_disk_than_what_was_not_read(tmp_path: Path) -> None:
    """Twenty times four MiB are printed, and lines keep their numbers; at most one MiB stays."""
    path = tmp_path / "trainer.log"
    log, space = TrainerLog(path), LogSpace(path)
    for times in range(1, 21):
        printed(path, LINES)
        log.read()
        space.free_up_to(log.position)
        assert last_line(log) == times * LINES
        assert on_disk(path) < 2 * FREED_AT_ONCE_BYTES
    assert path.stat().st_size == 20 * LINES * len(LINE)
    log.close()


def test_what_was_not_read_stays(tmp_path: Path) -> None:
    path = tmp_path / "trainer.log"
    printed(path, LINES)
    LogSpace(path).free_up_to(2 * FREED_AT_ONCE_BYTES)
    content = path.read_bytes()
    assert content[: 2 * FREED_AT_ONCE_BYTES].count(0) == 2 * FREED_AT_ONCE_BYTES
    assert content[2 * FREED_AT_ONCE_BYTES :] == (LINE * LINES)[2 * FREED_AT_ONCE_BYTES :]


def test_a_little_is_not_worth_a_call(tmp_path: Path) -> None:
    path = tmp_path / "trainer.log"
    printed(path, LINES)
    LogSpace(path).free_up_to(FREED_AT_ONCE_BYTES - 1)
    assert path.read_bytes() == LINE * LINES
