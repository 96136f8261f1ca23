"""Pilots in the database."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.repositories.spending import device_seconds
from backend.tables import AttemptRow, PilotRow, RunRow
from planner.pilots.pilot import PilotPhase
from planner.pilots.run import RunStatus


def add(session: Session, pilot: PilotRow) -> None:
    """Stores a new pilot, before the next query."""
    session.add(pilot)


def find(session: Session, pilot_id: str) -> PilotRow | None:
    """One pilot, or None."""
    row = session.get(PilotRow, pilot_id)
    return None if row is None or row.hidden else row


def several(session: Session, pilot_ids: Iterable[str]) -> dict[str, PilotRow]:
    """Pilots by id."""
    chosen = select(PilotRow).where(PilotRow.id.in_(list(pilot_ids)), ~PilotRow.hidden)
    return {row.id: row for row in session.scalars(chosen)}


def not_over(session: Session) -> Sequence[PilotRow]:
    """Pilots that still have something to do."""
    chosen = select(PilotRow).where(PilotRow.phase.not_in(("done", "cancelled")))
    return session.scalars(chosen).all()


def not_judged(session: Session) -> list[str]:
    """Pilots that are done and have no kept verdict, newest first."""
    chosen = select(PilotRow.id).where(
        PilotRow.phase == "done", PilotRow.judged_at.is_(None), ~PilotRow.hidden
    )
    return list(session.scalars(chosen.order_by(PilotRow.created_at.desc())))


def page(
    session: Session, *, phase: PilotPhase | None, search: str = "", offset: int, limit: int
) -> tuple[Sequence[PilotRow], int]:
    """Newest pilots first, and how many there are in all; ``search`` is part of the name."""
    chosen = select(PilotRow).where(~PilotRow.hidden)
    if phase is not None:
        chosen = chosen.where(PilotRow.phase == phase)
    if search:
        name = PilotRow.pilot["name"].as_string()
        chosen = chosen.where(name.icontains(search, autoescape=True))
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    ordered = chosen.order_by(PilotRow.created_at.desc(), PilotRow.id)
    return session.scalars(ordered.offset(offset).limit(limit)).all(), total


def run_counts(session: Session, pilot_ids: Sequence[str]) -> dict[str, dict[RunStatus, int]]:
    """Number of runs by status, for each of several pilots."""
    counts: dict[str, dict[RunStatus, int]] = {pilot_id: {} for pilot_id in pilot_ids}
    grouped = (
        select(RunRow.pilot_id, RunRow.status, func.count())
        .where(RunRow.pilot_id.in_(pilot_ids))
        .group_by(RunRow.pilot_id, RunRow.status)
    )
    for pilot_id, status, count in session.execute(grouped):
        counts[pilot_id][status] = count
    return counts


def probe_counts(session: Session, pilot_ids: Sequence[str]) -> dict[str, int]:
    """Number of probes, for each of several pilots."""
    counts = dict.fromkeys(pilot_ids, 0)
    grouped = (
        select(RunRow.pilot_id, func.count())
        .where(RunRow.pilot_id.in_(pilot_ids), RunRow.purpose == "probe")
        .group_by(RunRow.pilot_id)
    )
    return counts | dict(session.execute(grouped).all())


def ended_attempts_s_each(session: Session, pilot_ids: Sequence[str]) -> dict[str, float]:
    """Device seconds of every attempt that is no longer running, for each of several pilots."""
    spent = dict.fromkeys(pilot_ids, 0.0)
    summed = (
        select(RunRow.pilot_id, func.sum(device_seconds()))
        .join(AttemptRow, RunRow.id == AttemptRow.run_id)
        .where(RunRow.pilot_id.in_(pilot_ids), AttemptRow.ended_at.is_not(None))
        .group_by(RunRow.pilot_id)
    )
    for pilot_id, seconds in session.execute(summed):
        spent[pilot_id] = float(seconds or 0.0)
    return spent


def running_attempts_s_each(
    session: Session, pilot_ids: Sequence[str]
) -> list[tuple[str, str, float, int]]:
    """Pilot, run, seconds told so far and devices of each running attempt of several pilots."""
    chosen = (
        select(
            RunRow.pilot_id,
            RunRow.id,
            func.coalesce(AttemptRow.wall_clock_s, 0.0),
            AttemptRow.device_count,
        )
        .join(AttemptRow, (RunRow.id == AttemptRow.run_id) & (RunRow.attempt == AttemptRow.number))
        .where(RunRow.pilot_id.in_(pilot_ids), RunRow.status == "running")
    )
    return [
        (pilot_id, run_id, told_s, devices)
        for pilot_id, run_id, told_s, devices in session.execute(chosen)
    ]


def running_attempts_s(session: Session, pilot_id: str) -> dict[str, tuple[float, int]]:
    """Seconds told so far and devices of each running attempt of a pilot, by run."""
    chosen = (
        select(
            AttemptRow.run_id,
            func.coalesce(AttemptRow.wall_clock_s, 0.0),
            AttemptRow.device_count,
        )
        .join(RunRow, (RunRow.id == AttemptRow.run_id) & (RunRow.attempt == AttemptRow.number))
        .where(RunRow.pilot_id == pilot_id, RunRow.status == "running")
    )
    return {run_id: (told_s, devices) for run_id, told_s, devices in session.execute(chosen)}
