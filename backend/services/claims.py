"""Claims: which runs a worker gets, one or a bundle, and all that their trainer must know."""

import math
from collections.abc import Sequence
from functools import partial

from backend.access.security import hash_of, new_token
from backend.repositories import attempts, claims, pilots
from backend.services import budget, phases, queue, rollbacks, run_devices
from backend.services.workers import at_work
from backend.tables import AttemptRow, ClaimRow, PilotRow, RunRow, WorkerRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.bundle import Bundling, best_bundling
from planner.devices.throughput import Execution, ThroughputCurve
from planner.exchange.work import CheckpointRecord, Claim, ClaimedRun, ClaimRequest

LATELY_FRACTION = 1 / 3
"""Share of a lease within which a worker was heard of that counts for a fair share."""


def claim(work: UnitOfWork, worker_id: str, request: ClaimRequest) -> Claim | None:
    """The best queued run that this worker can train, or None; with it, what bundles well."""
    worker = at_work(work, worker_id)
    fewest = request.fewest_devices
    work.leases.saw(worker_id)
    work.leases.wants(worker_id, fewest_devices=fewest)
    unreadable = work.installation.unreadable.of(worker_id)
    served = claims.pilots_waiting(
        work.session, worker, unreadable=unreadable, fewest_devices=fewest
    )
    waiting = pilots.several(work.session, served)
    at_cap = budget.at_cap(work, waiting.values())
    if len(at_cap) == len(waiting):
        return None
    token = claims.add(work.session, ClaimRow(worker_id=worker_id, claimed_at=work.now))
    best = claims.claim_next(
        work.session,
        worker,
        pilots_at_cap=at_cap,
        unreadable=unreadable,
        fewest_devices=fewest,
        token=token,
        now=work.now,
    )
    if best is None:
        return None
    pilot = waiting[best.pilot_id]
    pilot.measured_on = worker.device_name
    fellow_ids, execution = _bundle(work, worker, pilot, best, maximum=request.maximum_runs)
    fellows = claims.claim_these(work.session, worker, fellow_ids, token=token, now=work.now)
    members = [best, *fellows]
    for run in members:
        work.once_committed(partial(work.leases.grant, run.id, run.attempt, token=token))
    return Claim(
        token=token,
        execution=execution,
        runs=tuple(
            _claimed_run(
                work,
                run,
                pilot,
                bundle_size=len(members),
                execution=execution,
                # a probe is alone on the host, and measures all devices of its worker
                held=worker.device_count if run.purpose == "probe" else run.device_count,
            )
            for run in members
        ),
    )


def _bundle(
    work: UnitOfWork, worker: WorkerRow, pilot: PilotRow, best: RunRow, *, maximum: int
) -> tuple[Sequence[str], Execution]:
    """Queued runs that are trained together with the best one, and how; none where none pays.

    A worker takes no more than its fair share of the pilot's runs of this kind, those that are
    held already included: the other workers that serve them would have nothing to do.
    """
    alone: tuple[Sequence[str], Execution] = ((), "sequential")
    if maximum == 1 or best.device_count > 1 or claims.was_rolled_back(work.session, best.id):
        return alone
    step = claims.start_step(work.session, best.id)
    bundling = _bundling(work, pilot, best, step)
    if bundling is None:
        return alone
    unreadable = work.installation.unreadable.of(worker.id)
    found = claims.fellows(work.session, worker, best, step=step, unreadable=unreadable)
    alike = 1 + len(found) + claims.in_hand(work.session, best)
    share = math.ceil(alike / _serving(work, worker, pilot, best))
    fellow_ids = found[: min(maximum, bundling.members, share) - 1]
    pays = 1 + len(fellow_ids) >= bundling.least_members
    return (fellow_ids, bundling.execution) if pays else alone


def _bundling(work: UnitOfWork, pilot: PilotRow, run: RunRow, step: int) -> Bundling | None:
    """What pays for the stages that are left after a step, as measured on the pilot's device."""
    times = queue.times_of(work, pilot)
    if times is None or run.schedule is None:
        return None
    left = [stage for stage in times[run.schedule].stages if stage.first_step + stage.steps > step]
    if not left:
        return None
    curve = decode(ThroughputCurve, pilot.throughput)
    return best_bundling(curve, left, decode(MicroBatchPlan, pilot.micro_batch_plan))


def _serving(work: UnitOfWork, worker: WorkerRow, pilot: PilotRow, run: RunRow) -> int:
    """Workers that could take the run now, the asking one included.

    One that left a moment ago is no reason to hold runs back: an idle worker asks for work several
    times a second, a busy one beats.
    """
    alive = queue.alive(work, workload=pilot.workload, device=worker.device_name)
    serving = {
        other.id
        for other in alive
        if run.store_url in (None, other.store_url)
        and work.leases.fewest_devices_of(other.id) <= run.device_count
        and (work.leases.seen_ago_s(other.id) or 0.0) <= work.settings.lease_s * LATELY_FRACTION
    }
    return len(serving | {worker.id})


def _claimed_run(
    work: UnitOfWork,
    run: RunRow,
    row: PilotRow,
    *,
    bundle_size: int,
    execution: Execution,
    held: int,
) -> ClaimedRun:
    """A new attempt, with everything its trainer must know."""
    secret = new_token()
    back = rollbacks.of_run(work, run.id)
    rate_factor, follows = (back[-1].rate_factor, back[-1].follows) if back else (1.0, None)
    attempts.add(
        work.session,
        AttemptRow(
            run_id=run.id,
            number=run.attempt,
            token=run.token or 0,
            token_hash=hash_of(secret),
            claimed_at=work.now,
            bundle_size=bundle_size,
            execution=execution,
            rate_factor=rate_factor,
            follows=follows,
            device_count=held,
        ),
    )
    pilot = phases.pilot_of(row)
    plan = row.micro_batch_plan
    schedules = {schedule.name: schedule for schedule in pilot.schedules}
    return ClaimedRun(
        run_id=run.id,
        attempt=run.attempt,
        attempt_token=secret,
        purpose=run.purpose,
        workload=pilot.workload,
        schedule=None if run.schedule is None else schedules[run.schedule],
        rate_multiplier=run.rate_multiplier,
        seed=run.seed,
        epochs=pilot.budget.epochs,
        evaluate_every=pilot.evaluation.every,
        momentum_form=pilot.momentum_form,
        precision=pilot.precision,
        micro_batch_plan=None if plan is None else decode(MicroBatchPlan, plan),
        target=pilot.target,
        divergence=pilot.divergence,
        meters=pilot.meters,
        checkpoints=tuple(
            CheckpointRecord(
                step=saved.step,
                path=saved.path,
                sha256=saved.sha256,
                size_bytes=saved.size_bytes,
            )
            for saved in rollbacks.valid_checkpoints(work, run.id)
        ),
        rollbacks=back,
        fall_back=rollbacks.fall_back_of(row, pilot, run.schedule),
        device_count=run.device_count,
        until_step=run_devices.until_step(work, run, row, pilot),
    )
