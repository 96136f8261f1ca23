"""What one group of a run's series is made of, in one query of just the columns that it takes."""

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

_OF_ATTEMPT = (
    (_CHUNKS.c.run_id == _ATTEMPTS.c.run_id)
    & (_CHUNKS.c.attempt == _ATTEMPTS.c.number)
    & (_CHUNKS.c.series_group == bindparam("group"))
)

_PARTS = (
    select(
        *(_ATTEMPTS.c.number, _ATTEMPTS.c.from_step),
        *(_CHUNKS.c.attempt, _CHUNKS.c.steps, _CHUNKS.c.columns, _CHUNKS.c.samples),
    )
    .select_from(
        _RUNS.outerjoin(_ATTEMPTS, _ATTEMPTS.c.run_id == _RUNS.c.id).outerjoin(_CHUNKS, _OF_ATTEMPT)
    )
    .where(_RUNS.c.id == bindparam("run_id"))
    .order_by(_ATTEMPTS.c.number, _CHUNKS.c.number)
)


def of_run(
    session: Session, run_id: str, group: SeriesGroup
) -> tuple[Sequence[Start], Sequence[Packed]] | None:
    """Attempts that began to train and all chunks, oldest first; None where no such run is."""
    asked = {"run_id": run_id, "group": group}
    rows = session.connection().execute(_PARTS, asked).all()
    if not rows:
        return None
    began = {row.number: row for row in rows if row.from_step is not None}
    return list(began.values()), [row for row in rows if row.steps is not None]
