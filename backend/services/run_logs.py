"""Logs of trainers: the newest lines of every attempt, kept and searched."""

from collections.abc import Iterator, Sequence

from backend.repositories import logs
from backend.services import attempts, runs
from backend.tables import LogRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import not_found
from planner.exchange.run_log import LONGEST_LOG, LogAck, LogChunk, LogLine, RunLog

FULL_ROW = 16_384
"""Characters at which a row is full and the next one is begun."""


def take_in(work: UnitOfWork, run_id: str, number: int, chunk: LogChunk) -> LogAck:
    """Stores the lines that are new; the answer is sent after the commit.

    Raises:
        RequestError: The attempt is fenced.
    """
    attempts.current(work, run_id, number)
    row = logs.newest(work.session, run_id, number)
    last = 0 if row is None else _last_line(row)
    new = chunk.lines[max(0, last + 1 - chunk.first_line) :]
    if not new:
        return LogAck(last_line=last)
    first = chunk.last_line - len(new) + 1
    if row is not None and first == last + 1 and len(row.text) < FULL_ROW:
        row.text += "\n" + "\n".join(new)
        row.lines += len(new)
        row.written_at = work.now
    else:
        row = LogRow(
            run_id=run_id,
            attempt=number,
            number=0 if row is None else row.number + 1,
            first_line=first,
            lines=len(new),
            text="\n".join(new),
            written_at=work.now,
        )
        logs.add(work.session, row)
    work.session.flush()
    logs.keep_newest(work.session, run_id, number, characters=LONGEST_LOG)
    return LogAck(last_line=chunk.last_line)


def read(work: UnitOfWork, run_id: str, *, attempt: int | None, search: str, limit: int) -> RunLog:
    """The newest lines of one attempt's log that hold ``search``, whatever the case.

    Args:
        work: The request.
        run_id: The run.
        attempt: Number of the attempt; None for the last that printed anything.
        search: Part of a line; empty for all lines.
        limit: Lines at most.

    Raises:
        RequestError: There is no such run or attempt.
    """
    run = runs.existing(work, run_id)
    if attempt is not None and not 1 <= attempt <= run.attempt:
        raise not_found("attempt", str(attempt))
    known = logs.attempts_with_log(work.session, run_id)
    shown = attempt or (known[-1] if known else run.attempt)
    rows = logs.of_attempt(work.session, run_id, shown)
    wanted = search.casefold()
    found = [line for line in _lines(rows) if wanted in line.text.casefold()]
    printed = _last_line(rows[-1]) if rows else 0
    return RunLog(
        attempt=shown,
        attempts=tuple(known),
        lines=tuple(found[-limit:]),
        found=len(found),
        printed=printed,
        lost=printed - sum(row.lines for row in rows),
    )


def _lines(rows: Sequence[LogRow]) -> Iterator[LogLine]:
    for row in rows:
        for place, text in enumerate(row.text.split("\n")):
            yield LogLine(number=row.first_line + place, text=text)


def _last_line(row: LogRow) -> int:
    return row.first_line + row.lines - 1
