"""What one group of a run's series is made of, in two queries of just the columns that it takes."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, ChunkRow, RunRow
from planner.exchange.work import SeriesGroup


class Start(Protocol):
    """Where an attempt began to train."""

    number: int
    from_step: int | None


class Packed(Protocol):
    """The points of a chunk."""

    attempt: int
    steps: bytes
    columns: list[str]
    samples: bytes


_RUNS = RunRow.__table__
_ATTEMPTS = AttemptRow.__table__
_CHUNKS = ChunkRow.__table__

_STARTS = (
    select(_ATTEMPTS.c.number, _ATTEMPTS.c.from_step)
    .select_from(_RUNS.outerjoin(_ATTEMPTS, _ATTEMPTS.c.run_id == _RUNS.c.id))
    .where(_RUNS.c.id == bindparam("run_id"))
    .order_by(_ATTEMPTS.c.number)
)

_PACKED = (
    select(_CHUNKS.c.attempt, _CHUNKS.c.steps, _CHUNKS.c.columns, _CHUNKS.c.samples)
    .where(_CHUNKS.c.run_id == bindparam("run_id"), _CHUNKS.c.series_group == bindparam("group"))
    .order_by(_CHUNKS.c.attempt, _CHUNKS.c.number)
)


def starts(session: Session, run_id: str) -> Sequence[Start] | None:
    """Attempts that began to train, oldest first; None where there is no such run."""
    rows = session.connection().execute(_STARTS, {"run_id": run_id}).all()
    return [row for row in rows if row.from_step is not None] if rows else None


def packed(session: Session, run_id: str, group: SeriesGroup) -> Sequence[Packed]:
    """All chunks, in the order they were written."""
    asked = {"run_id": run_id, "group": group}
    return session.connection().execute(_PACKED, asked).all()
