"""Runs in the database, and the queue that they form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.orm import Session

from backend.repositories.spending import device_seconds
from backend.tables import AttemptRow, PilotRow, RunRow
from planner.pilots.run import FINAL, Purpose

OpenRuns = Select[str, str, str | None, int, str | None, int]

_OPEN: OpenRuns = select(
    RunRow.id,
    RunRow.pilot_id,
    RunRow.schedule,
    RunRow.step,
    RunRow.worker_id,
    func.coalesce(AttemptRow.bundle_size, 1),
).outerjoin(AttemptRow, (AttemptRow.run_id == RunRow.id) & (AttemptRow.number == RunRow.attempt))

_ADD = insert(RunRow)

QUEUE_ORDER = (RunRow.priority.desc(), RunRow.queued_at, RunRow.pilot_id, RunRow.number)
"""Who is claimed first."""


def add_all(session: Session, runs: Sequence[Mapping[str, object]]) -> None:
    """Stores new runs, each by its columns: of many objects nobody needs any again."""
    session.flush()
    if runs:
        session.connection().execute(_ADD, runs)


_PLACE = select(
    select(func.count())
    .select_from(RunRow)
    .where(RunRow.pilot_id == bindparam("pilot_id"))
    .scalar_subquery(),
    select(func.max(RunRow.queued_at)).where(RunRow.status.not_in(FINAL)).scalar_subquery(),
)


def next_place(session: Session, pilot_id: str, now: datetime) -> tuple[int, datetime]:
    """Number of a pilot's next run, and when it counts as queued.

    That is now, but after all that may wait, whatever the clock did.
    """
    number, newest = session.execute(_PLACE, {"pilot_id": pilot_id}).one()
    return number, now if newest is None else max(now, newest + timedelta(microseconds=1))


def find(session: Session, run_id: str) -> RunRow | None:
    """One run, or None."""
    return session.get(RunRow, run_id)


def of_pilot(
    session: Session, pilot_id: str, *, purpose: Purpose | None = None
) -> Sequence[RunRow]:
    """A pilot's runs in their order."""
    chosen = select(RunRow).where(RunRow.pilot_id == pilot_id).order_by(RunRow.number)
    if purpose is not None:
        chosen = chosen.where(RunRow.purpose == purpose)
    return session.scalars(chosen).all()


def queue_positions(session: Session, run_ids: Sequence[str]) -> dict[str, int]:
    """Place of each queued run among all queued runs, from 1."""
    if not run_ids:
        return {}
    queue = (
        select(RunRow.id, func.row_number().over(order_by=QUEUE_ORDER).label("place"))
        .where(RunRow.status == "queued")
        .subquery()
    )
    places = session.execute(select(queue.c.id, queue.c.place).where(queue.c.id.in_(run_ids)))
    return dict(places.all())


def device_seconds_of(session: Session, run_ids: Sequence[str]) -> dict[str, float]:
    """Device seconds of all attempts of each run that reported any."""
    summed = (
        select(AttemptRow.run_id, func.sum(device_seconds()))
        .where(AttemptRow.run_id.in_(run_ids))
        .group_by(AttemptRow.run_id)
    )
    rows = session.execute(summed)
    return {run_id: seconds for run_id, seconds in rows if seconds is not None}


def running(session: Session) -> Sequence[tuple[str, int, int]]:
    """Every running run, its attempt and its claim's token."""
    chosen = select(RunRow.id, RunRow.attempt, RunRow.token).where(RunRow.status == "running")
    return [(run_id, attempt, token or 0) for run_id, attempt, token in session.execute(chosen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """What a forecast needs of a run that is running or queued; its attempt is the newest."""

    id: str
    pilot_id: str
    schedule: str | None
    step: int
    worker_id: str | None
    bundle_size: int


def held(session: Session) -> list[OpenRun]:
    """Every running run."""
    return _open(session, _OPEN.where(RunRow.status == "running"))


def queue(session: Session, *, limit: int) -> list[OpenRun]:
    """The queued runs, next to be claimed first."""
    chosen = _OPEN.where(RunRow.status == "queued").order_by(*QUEUE_ORDER)
    return _open(session, chosen.limit(limit))


def running_by_worker(session: Session) -> dict[str, tuple[str, ...]]:
    """Running runs of each worker that holds any."""
    held: dict[str, tuple[str, ...]] = {}
    chosen = select(RunRow.worker_id, RunRow.id).where(RunRow.status == "running")
    for worker_id, run_id in session.execute(chosen):
        if worker_id is not None:
            held[worker_id] = (*held.get(worker_id, ()), run_id)
    return held


def go_on_from(session: Session, store_url: str, *, device: str) -> bool:
    """Whether a run of such a device that is not over for good has checkpoints in a store.

    Workers on other devices may have a folder of their own under the same name.
    """
    waits = (
        select(RunRow.id)
        .join(PilotRow, PilotRow.id == RunRow.pilot_id)
        .where(
            RunRow.store_url == store_url,
            RunRow.status.not_in(FINAL),
            PilotRow.measured_on == device,
        )
    )
    return session.scalar(waits.limit(1)) is not None


def held_by(session: Session, worker_id: str) -> Sequence[RunRow]:
    """Running runs of one worker."""
    mine = select(RunRow).where(RunRow.status == "running", RunRow.worker_id == worker_id)
    return session.scalars(mine).all()


def current(session: Session, run_id: str, attempt: int) -> RunRow | None:
    """The run if this attempt may still write for it, else None."""
    chosen = select(RunRow).where(
        RunRow.id == run_id, RunRow.attempt == attempt, RunRow.status == "running"
    )
    return session.scalars(chosen).one_or_none()


def _open(session: Session, chosen: OpenRuns) -> list[OpenRun]:
    return [
        OpenRun(
            id=run_id,
            pilot_id=pilot_id,
            schedule=schedule,
            step=step,
            worker_id=worker_id,
            bundle_size=bundle_size,
        )
        for run_id, pilot_id, schedule, step, worker_id, bundle_size in session.execute(chosen)
    ]
