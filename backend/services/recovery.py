"""Runs whose worker or trainer is gone: back to the queue, or failed when it happens too often."""

from backend.repositories import attempts, runs
from backend.services import budget, occurrences, phases
from backend.services.attempts import check_step, close, current, let_go
from backend.services.runs import state
from backend.tables import AttemptRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.exchange.states import RunState
from planner.exchange.work import Finish
from planner.pilots.run import RunEvent, transition

_AFTER_WISH: dict[str, RunEvent] = {"cancel": "cancel", "pause": "pause", "cap": "cap"}
"""What becomes of a lost run that somebody had asked to stop."""


LOST = "lost"
"""Outcome of an attempt of which nothing more is known."""

RELEASED = "released"
"""Outcome of an attempt whose worker gave the run back, or had to."""

KILLED = frozenset({"trainer_killed", "killed_for_memory"})
"""Outcomes of attempts whose trainer was killed, and reasons of their runs while they wait."""

_TOO_OFTEN = {"killed_for_memory": "killed_for_memory_too_often"}
"""What is said of a run that fails after it was lost for a reason again and again."""


def report_lost(work: UnitOfWork, run_id: str, number: int, end: Finish) -> RunState:
    """A worker says itself that its trainer was killed: nobody waits for the lease to pass.

    Repeated, it gets the same answer.

    Raises:
        RequestError: The attempt is fenced.
    """
    earlier = attempts.find(work.session, run_id, number)
    if earlier is not None and earlier.outcome == _outcome(end.reason):
        let_go(work, run_id, number)  # the first time may have been committed and not heard of
    else:
        run, attempt = current(work, run_id, number)
        check_step(run, end.step, "step")
        attempt.wall_clock_s = max(attempt.wall_clock_s or 0.0, end.wall_clock_s)
        return_lost(work, run_id, number, step=end.step, reason=end.reason)
    return state(work, run_id)


def return_lost(work: UnitOfWork, run_id: str, number: int, *, step: int, reason: str = "") -> None:
    """Takes a running run from the attempt that was given up; any other attempt is left alone.

    One that used up a cap does not go back to the queue: whoever took it would pass the cap.

    Args:
        work: The transaction of the reaper.
        run_id: The run.
        number: The attempt whose lease passed.
        step: Last step heard of in a beat.
        reason: Message key of why it was lost; empty where nobody heard of its worker.
    """
    outcome = _outcome(reason)
    _take_back(work, run_id, number, step=step, outcome=outcome, reason=reason or "worker_lost")


def return_released(work: UnitOfWork, run_id: str, number: int, *, step: int) -> None:
    """Takes a running run from a worker that was shut out: it did not get lost, and none counts."""
    _take_back(work, run_id, number, step=step, outcome=RELEASED, reason="")


def _take_back(
    work: UnitOfWork, run_id: str, number: int, *, step: int, outcome: str, reason: str
) -> None:
    run = runs.current(work.session, run_id, number)
    attempt = attempts.find(work.session, run_id, number)
    if run is None or attempt is None:
        return
    pilot = phases.existing(work, run.pilot_id)
    event = _AFTER_WISH.get(run.wish or "", "lose")
    stopped_by = budget.reached_by(work, pilot, run_id) if event == "lose" else None
    close(work, attempt, outcome=outcome, step=step, wall_clock_s=attempt.wall_clock_s)
    if outcome != RELEASED:
        work.installation.instruments.count("attempts_lost")
        _count(work, run, attempt)
    if stopped_by is not None:
        event, run.reason = "cap", stopped_by.reason
    if event == "lose":
        event, run.reason = _after_losing(work, run, outcome, reason)
    run.status = transition(run.status, event)
    run.wish = None
    run.ended_at = None if run.status in ("queued", "paused") else work.now
    work.session.flush()
    let_go(work, run_id, number)
    occurrences.of_run(work, run, pilot)
    phases.advance(work, pilot)
    occurrences.of_pilot(work, run, pilot)


def _after_losing(work: UnitOfWork, run: RunRow, outcome: str, reason: str) -> tuple[RunEvent, str]:
    """Whether a run goes on, and what is said of it."""
    if outcome == RELEASED:
        return "release", reason
    if run.lost_attempts >= work.settings.lost_attempts_limit:
        return "fail", _TOO_OFTEN.get(reason, "lost_too_often")
    return "lose", reason


def _outcome(reason: str) -> str:
    """What is kept of the attempt: the next one clears the run's reason."""
    return reason if reason in KILLED else LOST


def _count(work: UnitOfWork, run: RunRow, attempt: AttemptRow) -> None:
    """Counts lost attempts in a row that came no farther than those before them.

    After a rollback the way begins anew: what was reached before it is no longer of the run.
    """
    farthest = attempts.farthest_step_before(work.session, run.id, attempt.number)
    began = attempt.from_step
    progressed = began is not None and attempt.to_step > max(began, farthest)
    run.lost_attempts = 0 if progressed else run.lost_attempts + 1
