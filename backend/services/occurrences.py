"""What is worth a notification: told where it happens, each time that it happens and only then."""

from backend.repositories import decisions, spending
from backend.services import adoptions, budget, catalogue, notifications
from backend.services.notifications import Fact
from backend.tables import PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.decisions.gate import GateName, next_gate
from planner.exchange.decisions import Adoption, DecisionTerms
from planner.exchange.notifications import GateReason, NotificationKind
from planner.pilots.cap_use import CapUse
from planner.reviews.review import Review


def of_run(work: UnitOfWork, run: RunRow, pilot: PilotRow) -> None:
    """Tells how a run ended that did not come to its end, before its pilot moves on.

    Nobody waits for a failed run of a pilot that was cancelled meanwhile.
    """
    if run.status == "diverged":
        _tell_end(work, "run_diverged", run, pilot)
    if run.status == "failed" and pilot.phase != "cancelled":
        _tell_end(work, "run_failed", run, pilot)
    if run.status == "capped":
        for use in budget.run_uses(work, pilot, run.id):
            if use.reason == run.reason:
                _tell_cap(work, use, run, pilot)


def of_pilot(work: UnitOfWork, run: RunRow, pilot: PilotRow) -> None:
    """Tells of every cap that a run shares and that stopped it, or now stops its whole pilot."""
    stopped_by = run.reason if run.status == "capped" else ""
    over = pilot.phase in catalogue.OVER
    for use in budget.shared_uses(work, pilot):
        if use.reason == stopped_by or (use.reached and not over):
            _tell_cap(work, use, run, pilot)


def of_adoption(work: UnitOfWork, pilot: PilotRow, adoption: Adoption) -> None:
    """Tells that the criteria of the gate ahead are met, if they were fixed and are."""
    ahead = adoption.ahead
    if pilot.phase == "done" and ahead is not None and ahead.criteria_fixed and ahead.passed:
        of_gate(work, pilot, ahead.gate, why="criteria", schedule=adoption.schedule)


def of_gate(
    work: UnitOfWork, pilot: PilotRow, gate: GateName, *, why: GateReason, schedule: str
) -> None:
    """Tells that a gate awaits a decision, once for each look and each way through the gates."""
    history = decisions.of_pilot(work.session, pilot.id)
    if next_gate(adoptions.stage_of(history)) != gate:
        return
    passages = sum(row.kind != "criteria_fixed" for row in history)
    notifications.tell(
        work,
        "gate_ready",
        pilot,
        occurrence=f"{pilot.id} {gate} {passages} {pilot.looks_used}",
        facts={"gate": gate, "why": why, "schedule": schedule},
    )


def meets_criteria(work: UnitOfWork, pilot: PilotRow, review: Review) -> bool:
    """Whether a review meets the criteria that were fixed for the first gate."""
    history = decisions.of_pilot(work.session, pilot.id)
    terms = DecisionTerms()
    facts = adoptions.facts_for(adoptions.stage_of(history), review, terms, None)
    ahead = adoptions.ahead(work, pilot, history, review=review, facts=facts)
    first = ahead is not None and ahead.gate == "limited_rollout"
    return first and ahead is not None and ahead.criteria_fixed and ahead.passed


def _tell_end(work: UnitOfWork, kind: NotificationKind, run: RunRow, pilot: PilotRow) -> None:
    notifications.tell(
        work,
        kind,
        pilot,
        occurrence=f"{run.id} {run.attempt}",
        run_id=run.id,
        facts=_run_facts(run),
    )


def _tell_cap(work: UnitOfWork, use: CapUse, run: RunRow, pilot: PilotRow) -> None:
    own = use.scope == "run"
    notifications.tell(
        work,
        "cap_reached",
        pilot,
        occurrence=_cap_occurrence(work, use, run),
        run_id=run.id if own else None,
        facts=_cap_facts(use) | (_run_facts(run) if own else {}),
    )


def _cap_occurrence(work: UnitOfWork, use: CapUse, run: RunRow) -> str:
    """A cap is reached once at each height, one of the month once in each month at each setting."""
    if use.scope == "month":
        row = spending.month_caps(work.session)
        since = "" if row is None else row.changed_at.isoformat()
        return f"{use.reason} {budget.month_of(work.now):%Y-%m} {since}"
    whose = run.id if use.scope == "run" else run.pilot_id
    return f"{use.reason} {whose} {use.limit!r}"


def _cap_facts(use: CapUse) -> dict[str, Fact]:
    return {
        "scope": use.scope,
        "unit": use.unit,
        "limit": use.limit,
        "currency": use.currency,
    }


def _run_facts(run: RunRow) -> dict[str, Fact]:
    return {
        "schedule": run.schedule or "",
        "rate_multiplier": run.rate_multiplier,
        "seed": run.seed,
        "attempt": run.attempt,
        "step": run.step,
    }
