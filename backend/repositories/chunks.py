"""Packed series in the database."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import ChunkRow
from planner.work import SeriesGroup


def tail(session: Session, run_id: str, attempt: int, group: SeriesGroup) -> ChunkRow | None:
    """The open last chunk of one attempt's group, or None before the first."""
    chosen = (
        select(ChunkRow)
        .where(
            ChunkRow.run_id == run_id,
            ChunkRow.attempt == attempt,
            ChunkRow.series_group == group,
        )
        .order_by(ChunkRow.number.desc())
        .limit(1)
    )
    return session.scalars(chosen).one_or_none()


def save(session: Session, chunk: ChunkRow) -> None:
    """Stores a chunk, or the longer version of an open one."""
    session.merge(chunk)
    session.flush()


def of_runs(
    session: Session, run_ids: Sequence[str], group: SeriesGroup
) -> dict[str, list[ChunkRow]]:
    """All chunks of one group, in the order they were written, for each of several runs."""
    found: dict[str, list[ChunkRow]] = {run_id: [] for run_id in run_ids}
    chosen = (
        select(ChunkRow)
        .where(ChunkRow.run_id.in_(run_ids), ChunkRow.series_group == group)
        .order_by(ChunkRow.run_id, ChunkRow.attempt, ChunkRow.number)
    )
    for chunk in session.scalars(chosen):
        found[chunk.run_id].append(chunk)
    return found
