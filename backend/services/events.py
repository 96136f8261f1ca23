"""The log of a pilot, put together from what is stored anyway: attempts and the audit trail."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from backend.repositories import attempts, history
from backend.services import rollbacks
from backend.tables import AttemptRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.exchange.page_states import Event, EventKind

MOST_EVENTS = 50

_OUTCOMES: dict[str, EventKind] = {
    "succeeded": "run_succeeded",
    "failed": "run_failed",
    "diverged": "run_diverged",
    "cancelled": "run_cancelled",
    "paused": "run_paused",
    "capped": "run_capped",
    "lost": "run_lost",
    "trainer_killed": "run_killed",
    "killed_for_memory": "run_killed_for_memory",
    "released": "run_released",
}

_OUTCOMES_OF_PROBES: dict[str, EventKind] = {
    "succeeded": "probe_succeeded",
    "failed": "probe_failed",
}

_CHANGES: dict[str, EventKind] = {
    "pilot.create": "pilot_created",
    "pilot.cancel": "pilot_cancelled",
    "pilot.raise_cap": "cap_raised",
    "pilot.add_seeds": "seeds_added",
    "run.cancel": "cancel_asked",
    "run.pause": "pause_asked",
    "run.resume": "run_resumed",
    "run.retry": "run_retried",
    "run.raise_cap": "run_retried",
    "run.prioritise": "run_prioritised",
}


def newest(work: UnitOfWork, pilot_id: str, runs: Mapping[str, RunRow]) -> tuple[Event, ...]:
    """The last things that happened, newest first.

    Args:
        work: The request.
        pilot_id: The pilot.
        runs: All its runs by id.
    """
    found = [*_of_attempts(work, pilot_id, runs), *_of_changes(work, pilot_id, runs)]
    found.sort(key=lambda event: event.at, reverse=True)
    return tuple(found[:MOST_EVENTS])


def _of_attempts(work: UnitOfWork, pilot_id: str, runs: Mapping[str, RunRow]) -> Iterator[Event]:
    for attempt in history.attempts(work.session, pilot_id, limit=MOST_EVENTS):
        run = runs[attempt.run_id]
        if attempt.ended_at is not None and attempt.outcome != rollbacks.OUTCOME:
            kind = _outcome(attempt, run)
            reason = _reason(attempt, run)
            yield _event(attempt.ended_at, kind, run, attempt=attempt, reason=reason)
        yield _beginning(work, attempt, run)


def _beginning(work: UnitOfWork, attempt: AttemptRow, run: RunRow) -> Event:
    """An attempt began: a worker claimed the run, or a divergence sent it back."""
    kind: EventKind = "probe_started" if run.purpose == "probe" else "run_started"
    if attempt.cause != "claim":
        kind = "run_rolled_back" if attempt.follows is None else "run_fell_back"
    begun = _event(attempt.claimed_at, kind, run, attempt=attempt, begins=True)
    if attempt.cause == "claim":
        return begun
    before = attempts.find(work.session, run.id, attempt.number - 1)
    went_back: dict[str, str | int | float] = {
        "at_step": 0 if before is None else before.to_step,
        "rate_factor": attempt.rate_factor,
        "follows": attempt.follows or "",
    }
    return replace(begun, params=begun.params | went_back)


def _of_changes(work: UnitOfWork, pilot_id: str, runs: Mapping[str, RunRow]) -> Iterator[Event]:
    for change in history.changes(work.session, pilot_id, limit=MOST_EVENTS):
        run = runs.get(change.subject_id)
        kind = _CHANGES.get(change.action)
        if kind is not None:
            if run is not None and run.purpose == "probe":
                kind = "probe_changed"
            reason = str((change.after or {}).get("reason", ""))
            yield _event(change.at, kind, run, by=change.principal, reason=reason)


def _outcome(attempt: AttemptRow, run: RunRow) -> EventKind:
    outcome = attempt.outcome or ""
    if run.purpose == "probe":
        return _OUTCOMES_OF_PROBES.get(outcome, "probe_stopped")
    return _OUTCOMES[outcome]


def _reason(attempt: AttemptRow, run: RunRow) -> str:
    """Last line of what is known about why the last attempt ended as it did."""
    last = attempt.number == run.attempt and run.status == attempt.outcome
    lines = run.detail.strip().splitlines() if last else []
    return lines[-1] if lines else ""


def _event(
    at: datetime,
    kind: EventKind,
    run: RunRow | None,
    *,
    attempt: AttemptRow | None = None,
    begins: bool = False,
    by: str = "",
    reason: str = "",
) -> Event:
    params: dict[str, str | int | float] = {"by": by, "reason": reason}
    if run is not None:
        params |= {
            "schedule": run.schedule or "",
            "seed": run.seed,
            "rate_multiplier": run.rate_multiplier,
            "attempt": run.attempt if attempt is None else attempt.number,
            "step": run.step if attempt is None else _step(attempt, begins=begins),
        }
    return Event(at=at, kind=kind, run_id=None if run is None else run.id, params=params)


def _step(attempt: AttemptRow, *, begins: bool) -> int:
    return (attempt.from_step or 0) if begins else attempt.to_step
