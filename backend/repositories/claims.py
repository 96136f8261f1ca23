"""Claims in the database: which queued runs a worker could take, and the guarded hand-over."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    case,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from backend.repositories.runs import QUEUE_ORDER
from backend.tables import AttemptRow, CheckpointRow, ClaimRow, PilotRow, RunRow, WorkerRow
from planner.exchange.waiting import WaitingRuns
from planner.pilots.run import RunStatus


def add(session: Session, claim: ClaimRow) -> int:
    """Stores a claim; its number is a token above all before it."""
    session.add(claim)
    session.flush()
    return claim.token


def pilots_waiting(
    session: Session, worker: WorkerRow, *, unreadable: Collection[str], fewest_devices: int
) -> Sequence[str]:
    """Pilots with a queued run that this worker could take, of so many devices or more."""
    chosen = _claimable(worker, unreadable).where(RunRow.device_count >= fewest_devices)
    return session.scalars(chosen.with_only_columns(RunRow.pilot_id).distinct()).all()


def pilots_queued(session: Session) -> Sequence[str]:
    """Pilots with a queued run, whoever could take it."""
    chosen = select(RunRow.pilot_id).where(RunRow.status == "queued")
    return session.scalars(chosen.distinct()).all()


_KINDS = (PilotRow.workload, PilotRow.measured_on, RunRow.store_url, RunRow.device_count)
"""What a worker must be like to take a run."""


def waiting(session: Session, *, pilots_at_cap: Collection[str]) -> tuple[WaitingRuns, ...]:
    """Queued runs, counted by what a worker must be like to take them; in the queue's order."""
    place = func.row_number().over(order_by=QUEUE_ORDER).label("place")
    queue = (
        select(*_KINDS, place)
        .join(PilotRow, PilotRow.id == RunRow.pilot_id)
        .where(RunRow.status == "queued", RunRow.pilot_id.not_in(pilots_at_cap))
        .subquery()
    )
    kinds = (queue.c.workload, queue.c.measured_on, queue.c.store_url, queue.c.device_count)
    chosen = select(*kinds, func.count()).group_by(*kinds).order_by(func.min(queue.c.place))
    return tuple(
        WaitingRuns(
            workload=workload,
            device=device,
            store_url=store_url,
            device_count=device_count,
            runs=runs,
        )
        for workload, device, store_url, device_count, runs in session.execute(chosen)
    )


def waiting_of(
    session: Session, pilot_id: str, *, apart: Sequence[Collection[str]] = ()
) -> Sequence[tuple[int | None, RunStatus, WaitingRuns, int]]:
    """Queued and paused runs of a pilot, counted likewise, and those of other pilots beside them.

    Args:
        session: Of the request.
        pilot_id: The pilot.
        apart: Sets of runs that are counted by themselves.

    Returns:
        Place of the set that they are of, None for all others; status, runs of the pilot, and how
        many others there are of the same kind and status.
    """
    places = [(RunRow.id.in_(run_ids), place) for place, run_ids in enumerate(apart)]
    waits = (
        select(
            *_KINDS,
            RunRow.status,
            RunRow.pilot_id,
            (case(*places) if places else null()).label("apart"),
        )
        .join(PilotRow, PilotRow.id == RunRow.pilot_id)
        .where(RunRow.status.in_(("queued", "paused")))
        .subquery()
    ).c
    own = func.sum(case((waits.pilot_id == pilot_id, 1), else_=0))
    kinds = (waits.workload, waits.measured_on, waits.store_url, waits.device_count)
    chosen = (
        select(*kinds, waits.apart, waits.status, own, func.count())
        .group_by(*kinds, waits.apart, waits.status)
        .having(own > 0)
        .order_by(waits.status.desc(), *kinds, waits.apart)
    )
    return [
        (
            place,
            status,
            WaitingRuns(
                workload=workload,
                device=device,
                store_url=store_url,
                device_count=device_count,
                runs=runs,
            ),
            total - runs,
        )
        for workload, device, store_url, device_count, place, status, runs, total in (
            session.execute(chosen)
        )
    ]


def claim_next(
    session: Session,
    worker: WorkerRow,
    *,
    pilots_at_cap: Collection[str],
    unreadable: Collection[str],
    fewest_devices: int,
    token: int,
    now: datetime,
) -> RunRow | None:
    """Hands the best queued run to a worker, or None; only one claimer can win a run.

    The best is the first of the queue, by priority and then by age, that the worker could take
    and that wants ``fewest_devices`` or more.
    How many devices a run wants decides who may take it and never when: a worker with many devices
    takes an old run of one before a younger one of many, so that neither waits for ever.
    """
    best: ScalarSelect[str] = (
        _claimable(worker, unreadable)
        .where(
            RunRow.pilot_id.not_in(pilots_at_cap),
            RunRow.device_count >= fewest_devices,
        )
        .with_only_columns(RunRow.id)
        .order_by(*QUEUE_ORDER)
        .limit(1)
        .scalar_subquery()
    )
    claimed = _handed_over(worker, RunRow.id == best, token=token, now=now)
    return session.scalars(claimed, execution_options={"populate_existing": True}).one_or_none()


def claim_these(
    session: Session, worker: WorkerRow, run_ids: Sequence[str], *, token: int, now: datetime
) -> list[RunRow]:
    """Hands over those of some runs that still are queued, in the order of the queue."""
    if not run_ids:
        return []
    claimed = _handed_over(worker, RunRow.id.in_(run_ids), token=token, now=now)
    rows = session.scalars(claimed, execution_options={"populate_existing": True}).all()
    return sorted(rows, key=lambda row: run_ids.index(row.id))


def fellows(
    session: Session, worker: WorkerRow, run: RunRow, *, step: int, unreadable: Collection[str]
) -> Sequence[str]:
    """Queued runs that could be trained together with a run, next to be claimed first.

    They have its pilot, purpose, schedule and priority, and start at the same step. One that was
    rolled back has a rate or a schedule of its own and is trained alone.
    """
    chosen = _claimable(worker, unreadable).where(
        RunRow.pilot_id == run.pilot_id,
        RunRow.purpose == run.purpose,
        RunRow.schedule == run.schedule,
        RunRow.priority == run.priority,
        RunRow.device_count == 1,
        _start_step() == step,
        ~_rolled_back(),
    )
    return session.scalars(chosen.with_only_columns(RunRow.id).order_by(*QUEUE_ORDER)).all()


def in_hand(session: Session, run: RunRow) -> int:
    """Number of other runs of the same pilot, purpose and schedule that workers hold."""
    chosen = select(func.count()).where(
        RunRow.pilot_id == run.pilot_id,
        RunRow.purpose == run.purpose,
        RunRow.schedule == run.schedule,
        RunRow.status == "running",
        RunRow.id != run.id,
    )
    return session.scalar(chosen) or 0


def start_step(session: Session, run_id: str) -> int:
    """Step of the checkpoint that the run's next attempt would start from; 0 without one."""
    return session.scalar(select(_start_step()).where(RunRow.id == run_id)) or 0


def was_rolled_back(session: Session, run_id: str) -> bool:
    """Whether an earlier attempt of the run was sent back after a divergence."""
    chosen = select(RunRow.id).where(RunRow.id == run_id, _rolled_back())
    return session.scalar(chosen) is not None


def _rolled_back() -> ColumnElement[bool]:
    return exists().where(AttemptRow.run_id == RunRow.id, AttemptRow.cause != "claim")


def _start_step() -> ColumnElement[int]:
    newest = (
        select(CheckpointRow.step)
        .where(CheckpointRow.run_id == RunRow.id)
        .order_by(CheckpointRow.attempt.desc(), CheckpointRow.step.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, 0)


def _handed_over(
    worker: WorkerRow, which: ColumnElement[bool], *, token: int, now: datetime
) -> ReturningUpdate[RunRow]:
    return (
        update(RunRow)
        .where(which, RunRow.status == "queued")
        .values(
            status="running",
            attempt=RunRow.attempt + 1,
            token=token,
            worker_id=worker.id,
            wish=None,
            reason="",
            detail="",
            started_at=func.coalesce(RunRow.started_at, now),
            ended_at=None,
        )
        .returning(RunRow)
    )


def _claimable(worker: WorkerRow, unreadable: Collection[str]) -> Select[RunRow]:
    """Queued runs that a worker could take; some it may not read."""
    return (
        select(RunRow)
        .join(PilotRow, PilotRow.id == RunRow.pilot_id)
        .where(
            RunRow.status == "queued",
            PilotRow.workload.in_(worker.workloads),
            or_(PilotRow.measured_on.is_(None), PilotRow.measured_on == worker.device_name),
            or_(RunRow.store_url.is_(None), RunRow.store_url == worker.store_url),
            RunRow.device_count <= worker.device_count,
            RunRow.id.not_in(unreadable),
        )
    )
