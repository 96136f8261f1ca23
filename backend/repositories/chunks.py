"""Packed series in the database."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from backend.tables import ChunkRow
from planner.exchange.work import SeriesGroup

Key = tuple[str, int, SeriesGroup, int]
"""Run, attempt, group and number of one chunk."""


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


def some_of_runs(
    session: Session, run_ids: Sequence[str], group: SeriesGroup, *, most: int
) -> dict[str, list[ChunkRow]]:
    """An even choice of each run's chunks, at most ``most``; the last one is among them."""
    key = (ChunkRow.run_id, ChunkRow.attempt, ChunkRow.series_group, ChunkRow.number)
    keys: dict[str, list[Key]] = {}
    listed = (
        select(*key)
        .where(ChunkRow.run_id.in_(run_ids), ChunkRow.series_group == group)
        .order_by(ChunkRow.run_id, ChunkRow.attempt, ChunkRow.number)
    )
    for run_id, attempt, series_group, number in session.execute(listed):
        keys.setdefault(run_id, []).append((run_id, attempt, series_group, number))
    chosen = [one for of_run in keys.values() for one in _evenly(of_run, most)]
    found: dict[str, list[ChunkRow]] = {run_id: [] for run_id in run_ids}
    wanted = select(ChunkRow).where(tuple_(*key).in_(chosen))
    for chunk in session.scalars(
        wanted.order_by(ChunkRow.run_id, ChunkRow.attempt, ChunkRow.number)
    ):
        found[chunk.run_id].append(chunk)
    return found


def _evenly(keys: list[Key], most: int) -> list[Key]:
    """At most ``most`` of them, the last one always."""
    if len(keys) <= most:
        return keys
    return [keys[-1 - round(place * (len(keys) - 1) / (most - 1))] for place in range(most)]
