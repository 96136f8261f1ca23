"""Runs whose worker was not heard of: back to the queue, or failed when it happens too often."""

from backend.repositories import attempts, runs
from backend.services import budget, occurrences, phases
from backend.services.attempts import close
from backend.tables import AttemptRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.pilots.run import RunEvent, transition

_AFTER_WISH: dict[str, RunEvent] = {"cancel": "cancel", "pause": "pause", "cap": "cap"}
"""What becomes of a lost run that somebody had asked to stop."""


def return_lost(work: UnitOfWork, run_id: str, number: int, *, step: int) -> None:
    """Takes a running run from the attempt that was given up; any other attempt is left alone.

    One that used up a cap does not go back to the queue: whoever took it would pass the cap.

    Args:
        work: The transaction of the reaper.
        run_id: The run.
        number: The attempt whose lease passed.
        step: Last step heard of in a beat.
    """
    run = runs.current(work.session, run_id, number)
    attempt = attempts.find(work.session, run_id, number)
    if run is None or attempt is None:
        return
    pilot = phases.existing(work, run.pilot_id)
    event = _AFTER_WISH.get(run.wish or "", "lose")
    stopped_by = budget.reached_by(work, pilot, run_id) if event == "lose" else None
    close(work, attempt, outcome="lost", step=step, wall_clock_s=attempt.wall_clock_s)
    work.installation.instruments.count("attempts_lost")
    _count(work, run, attempt)
    if stopped_by is not None:
        event, run.reason = "cap", stopped_by.reason
    if event == "lose" and run.lost_attempts >= work.settings.lost_attempts_limit:
        event = "fail"
        run.reason = "lost_too_often"
    elif event == "lose":
        run.reason = "worker_lost"
    run.status = transition(run.status, event)
    run.wish = None
    run.ended_at = None if run.status in ("queued", "paused") else work.now
    work.session.flush()
    occurrences.of_run(work, run, pilot)
    phases.advance(work, pilot)
    occurrences.of_pilot(work, run, pilot)


def _count(work: UnitOfWork, run: RunRow, attempt: AttemptRow) -> None:
    """Counts lost attempts in a row that came no farther than those before them.

    After a rollback the way begins anew: what was reached before it is no longer of the run.
    """
    farthest = attempts.farthest_step_before(work.session, run.id, attempt.number)
    began = attempt.from_step
    progressed = began is not None and attempt.to_step > max(began, farthest)
    run.lost_attempts = 0 if progressed else run.lost_attempts + 1
