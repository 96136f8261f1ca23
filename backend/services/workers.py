"""Workers: they register and beat, and can be shut out."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from uuid import uuid4

from backend.access.security import hash_of, new_token
from backend.repositories import curves, pilots, runs, workers
from backend.services import audit, budget, catalogue, recovery
from backend.tables import WorkerRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import RequestError, not_found
from planner.bounds import LONGEST_NAME
from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import WorkerState, WorkloadState
from planner.exchange.work import (
    Beat,
    BeatCommand,
    BeatReply,
    Device,
    RunBeat,
    RunCommand,
    WorkerRegistration,
    WorkerWelcome,
)

_COMMANDS: dict[str, BeatCommand] = {"cancel": "cancel", "pause": "pause", "cap": "cap"}


def register(work: UnitOfWork, registration: WorkerRegistration) -> WorkerWelcome:
    """Lets a worker in; its token is shown only here.

    The name of one that is there already gets a number: two workers are never shown as one.
    """
    token = new_token()
    row = WorkerRow(
        id=uuid4().hex,
        name=_free_name(work, registration.name),
        device=encode(registration.device),
        device_name=registration.device.name,
        workloads=list(registration.workloads),
        store_url=registration.store_url,
        versions=registration.versions,
        token_hash=hash_of(token),
        registered_at=work.now,
        device_count=registration.device_count,
    )
    workers.add(work.session, row)
    audit.record(work, "worker.register", row.id, None, {"name": row.name})
    refused = catalogue.take_in(work, row, registration.plug_ins)
    work.leases.saw(row.id)
    return WorkerWelcome(
        worker_id=row.id,
        worker_token=token,
        name=row.name,
        lease_s=work.settings.lease_s,
        beat_s=work.settings.beat_s,
        refused=refused,
        store_in_use=runs.go_on_from(
            work.session, registration.store_url, device=registration.device.name
        ),
    )


def beat(work: UnitOfWork, worker_id: str, sign: Beat) -> BeatReply:
    """Renews the leases of the runs in the beat and says what is wanted of each.

    Nothing is written: a step that matters is stored with the series that prove it.
    """
    at_work(work, worker_id)
    work.leases.saw(worker_id, disk_full=sign.disk_full, store_away=sign.store_away)
    if sign.leaving:
        work.leases.left(worker_id)
    return BeatReply(
        runs=tuple(
            RunCommand(run_id=run.run_id, command=_command(work, worker_id, run))
            for run in sign.runs
        )
    )


def states(work: UnitOfWork) -> tuple[WorkerState, ...]:
    """Workers that were heard of since the API started, or that hold a run."""
    held = runs.running_by_worker(work.session)
    known = workers.those(work.session, held.keys() | work.leases.seen())
    return tuple(_state(work, row, held.get(row.id, ())) for row in known)


def listed(work: UnitOfWork) -> tuple[WorkerState, ...]:
    """The same, each with the speed that was measured of such a device last."""
    found = states(work)
    names = {one.device.name for one in found}
    speeds = {name: _samples_per_s(work, name) for name in names}
    return tuple(replace(one, samples_per_s=speeds[one.device.name]) for one in found)


def _samples_per_s(work: UnitOfWork, device: str) -> float | None:
    row = curves.newest_of_device(work.session, device)
    if row is None:
        return None
    points = decode(ThroughputCurve, row.curve).points
    return max(point.batch_size / point.step_time_s for point in points)


def revoke(work: UnitOfWork, worker_id: str) -> WorkerState:
    """Shuts a worker out now; what it was training goes back to the queue.

    Raises:
        RequestError: There is none with this id.
    """
    row = existing(work, worker_id)
    if row.revoked_at is None:
        row.revoked_at = work.now
        for run in runs.held_by(work.session, worker_id):
            step = work.leases.step_of(run.id)
            recovery.return_released(work, run.id, run.attempt, step=step)
        work.once_committed(partial(work.leases.left, worker_id))
        audit.record(work, "worker.revoke", worker_id, {"name": row.name}, None)
    return _state(work, row, ())


def workloads(work: UnitOfWork) -> tuple[WorkloadState, ...]:
    """Every workload that can be planned, with the workers that train it now."""
    alive = workers.those(work.session, work.leases.here())
    return tuple(
        WorkloadState(
            workload=workload,
            served_by=tuple(row.name for row in alive if workload.name in row.workloads),
        )
        for workload in catalogue.known(work).values()
    )


def at_work(work: UnitOfWork, worker_id: str) -> WorkerRow:
    """The stored worker, which may go on.

    Raises:
        RequestError: There is none, or it was shut out since its credential was looked up.
    """
    row = existing(work, worker_id)
    if row.revoked_at is not None:
        raise RequestError(HTTPStatus.UNAUTHORIZED, "credential_unknown")
    return row


def existing(work: UnitOfWork, worker_id: str) -> WorkerRow:
    """The stored worker.

    Raises:
        RequestError: There is none.
    """
    row = workers.find(work.session, worker_id)
    if row is None:
        raise not_found("worker", worker_id)
    return row


def _state(work: UnitOfWork, row: WorkerRow, run_ids: tuple[str, ...]) -> WorkerState:
    return WorkerState(
        id=row.id,
        name=row.name,
        device=decode(Device, row.device),
        versions=row.versions,
        workloads=tuple(row.workloads),
        seen_ago_s=work.leases.seen_ago_s(row.id),
        run_ids=run_ids,
        disk_full=work.leases.has_full_disk(row.id),
        store_away=work.leases.has_no_store(row.id),
        store_url=row.store_url,
        device_count=row.device_count,
    )


def _free_name(work: UnitOfWork, wanted: str) -> str:
    """The name, or with the first number that no worker here has: ``name (2)``."""
    here = {row.name for row in workers.those(work.session, work.leases.here())}
    if wanted not in here:
        return wanted
    numbered = (_numbered(wanted, place) for place in range(2, len(here) + 3))
    return next(name for name in numbered if name not in here)


def _numbered(name: str, place: int) -> str:
    """As long as a name may be at most."""
    number = f" ({place})"
    return name[: LONGEST_NAME - len(number)] + number


def _command(work: UnitOfWork, worker_id: str, sign: RunBeat) -> BeatCommand:
    """The claim's token decides: the supervisor may not know yet that its trainer went back."""
    run = runs.find(work.session, sign.run_id)
    if run is None or run.status != "running":
        return "fenced"
    if run.worker_id != worker_id or run.token != sign.token or sign.attempt > run.attempt:
        return "fenced"
    step = sign.step if sign.attempt == run.attempt else run.step
    if not work.leases.renew(run.id, run.attempt, token=sign.token, step=step):
        return "fenced"
    if run.wish is not None:
        return _COMMANDS[run.wish]
    pilot = pilots.find(work.session, run.pilot_id)
    return "cap" if pilot is not None and budget.stops(work, pilot, run.id) else "continue"
