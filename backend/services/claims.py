"""Claims: which runs a worker gets, one or a bundle, and all that their trainer must know."""

from backend.codec import decode
from backend.repositories import attempts, claims, pilots
from backend.security import hash_of, new_token
from backend.services import budget, phases, rollbacks
from backend.services.workers import existing
from backend.tables import AttemptRow, ClaimRow, PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.batch_plan import MicroBatchPlan
from planner.throughput import Execution
from planner.work import CheckpointRecord, Claim, ClaimedRun, ClaimRequest


def claim(work: UnitOfWork, worker_id: str, request: ClaimRequest) -> Claim | None:  # noqa: ARG001
    """The best queued run that this worker can train, or None; with it, what bundles well."""
    worker = existing(work, worker_id)
    work.leases.saw(worker_id)
    waiting = [
        row
        for pilot_id in claims.pilots_waiting(work.session, worker)
        if (row := pilots.find(work.session, pilot_id)) is not None
    ]
    at_cap = [row.id for row in waiting if budget.cap_reached(work, row)]
    if len(at_cap) == len(waiting):
        return None
    token = claims.add(work.session, ClaimRow(worker_id=worker_id, claimed_at=work.now))
    best = claims.claim_next(work.session, worker, pilots_at_cap=at_cap, token=token, now=work.now)
    if best is None:
        return None
    pilot = next(row for row in waiting if row.id == best.pilot_id)
    pilot.measured_on = worker.device_name
    work.leases.grant(best.id, best.attempt, token=token)
    claimed = _claimed_run(work, best, pilot, bundle_size=1, execution="sequential")
    return Claim(token=token, runs=(claimed,))


def _claimed_run(
    work: UnitOfWork, run: RunRow, row: PilotRow, *, bundle_size: int, execution: Execution
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
    )
