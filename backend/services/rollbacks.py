"""Divergences that send a run back: the attempt ends, and another goes on under the same claim."""

from collections.abc import Sequence
from functools import partial

from backend.access.security import hash_of, new_token
from backend.repositories import attempts
from backend.services import catalogue, phases, records
from backend.services.attempts import check_step, close, current
from backend.tables import AttemptRow, CheckpointRow, PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import conflict
from planner.pilots.divergence import FallBack, NextAttempt, Rollback, RolledBack, way_back
from planner.pilots.executed import executed_table, rollbacks_of
from planner.pilots.pilot import Pilot
from planner.pilots.run import Attempt
from planner.schedules.schedule import StepTable, plan_steps

OUTCOME = "rolled_back"
"""Outcome of an attempt that a divergence ended while its run goes on."""


def roll_back(work: UnitOfWork, run_id: str, number: int, back: RolledBack) -> NextAttempt:
    """Ends an attempt where its run went back, and opens the next one under the same claim.

    Whoever went back is trained alone from there on, and has no part in a bundle's gain.

    Sent again because the answer was lost, it opens no second one but makes another token: the
    first was never heard of.

    Raises:
        RequestError: The attempt is fenced or did not start, or the pilot's policy does not send
            a run back like this.
    """
    opened = _opened_before(work, run_id, number, back.rollback)
    if opened is None:
        run, attempt = current(work, run_id, number)
        opened = _open(work, run, attempt, back)
        work.installation.instruments.count("rollbacks")
    secret = new_token()
    opened.token_hash = hash_of(secret)
    attempts.add(work.session, opened)
    return NextAttempt(attempt=opened.number, attempt_token=secret)


def of_run(work: UnitOfWork, run_id: str) -> tuple[Rollback, ...]:
    """Every return of a run so far, in order."""
    return rollbacks_of(_attempts(work, run_id))


def fall_back_of(row: PilotRow, pilot: Pilot, schedule: str | None) -> FallBack | None:
    """What a run of a schedule falls back on; None where the pilot does not say so."""
    baseline = pilot.baseline
    if pilot.divergence.policy != "fall_back" or schedule in (None, baseline.name):
        return None
    return FallBack(schedule=baseline, rate_multiplier=(row.selected or {}).get(baseline.name, 1.0))


def valid_checkpoints(work: UnitOfWork, run_id: str) -> list[CheckpointRow]:
    """Checkpoints on the live path of a run, newest first.

    What an attempt saved beyond the step that a later rollback went back to is not on it.
    """
    back = [found for found in _attempts(work, run_id) if found.cause != "claim"]
    return [
        saved
        for saved in attempts.checkpoints(work.session, run_id)
        if all(saved.step <= later.from_step for later in back if later.number > saved.attempt)
    ]


def _open(work: UnitOfWork, run: RunRow, attempt: AttemptRow, back: RolledBack) -> AttemptRow:
    rollback = back.rollback
    if attempt.from_step is None:
        raise conflict("attempt_not_started")
    check_step(run, rollback.at_step, "rollback.at_step")
    row = phases.existing(work, run.pilot_id)
    pilot = phases.pilot_of(row)
    earlier = of_run(work, run.id)
    fall_back = fall_back_of(row, pilot, run.schedule)
    allowed = way_back(
        pilot.divergence.policy,
        earlier,
        at_step=rollback.at_step,
        to_step=rollback.to_step,
        baseline=None if fall_back is None else fall_back.schedule.name,
    )
    if run.schedule is None or rollback != allowed:
        raise conflict("rollback_not_allowed", policy=pilot.divergence.policy)
    close(work, attempt, outcome=OUTCOME, step=rollback.at_step, wall_clock_s=back.wall_clock_s)
    run.attempt += 1
    run.step = rollback.to_step
    run.steps_planned = _table(row, run.schedule, (*earlier, rollback)).steps
    held = partial(work.leases.grant, run.id, run.attempt, token=attempt.token, step=run.step)
    work.once_committed(held)
    return AttemptRow(
        run_id=run.id,
        number=run.attempt,
        token=attempt.token,
        claimed_at=work.now,
        from_step=rollback.to_step,
        to_step=rollback.to_step,
        cause="rollback" if rollback.follows is None else "fall_back",
        rate_factor=rollback.rate_factor,
        follows=rollback.follows,
        device_count=attempt.device_count,
    )


def _opened_before(
    work: UnitOfWork, run_id: str, number: int, rollback: Rollback
) -> AttemptRow | None:
    """The next attempt if this very rollback opened it and nothing has come from it yet."""
    opened = attempts.find(work.session, run_id, number + 1)
    if opened is None or opened.cause == "claim" or opened.acked_seq >= 0:
        return None
    current(work, run_id, number + 1)
    told = (rollback.to_step, rollback.rate_factor, rollback.follows)
    return opened if told == (opened.from_step, opened.rate_factor, opened.follows) else None


def _table(row: PilotRow, schedule: str, back: Sequence[Rollback]) -> StepTable:
    """What a run of a pilot executes that went back like this."""
    pilot, samples = phases.pilot_of(row), catalogue.of_pilot(row).training_samples
    tables = {
        planned.name: plan_steps(
            planned,
            training_samples=samples,
            epochs=pilot.budget.epochs,
            form=pilot.momentum_form,
        )
        for planned in pilot.schedules
        if planned.name in (schedule, pilot.baseline.name)
    }
    return executed_table(tables[schedule], back, fall_back=tables[pilot.baseline.name])


def _attempts(work: UnitOfWork, run_id: str) -> tuple[Attempt, ...]:
    rows = attempts.started(work.session, [run_id])[run_id]
    return tuple(records.attempt_of(row) for row in rows)
