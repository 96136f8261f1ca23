"""Where the decision on a pilot stands: its gates, what was signed, what production made of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.repositories import decisions, runs
from backend.services import phases, reviews
from backend.tables import DecisionRow, PilotRow, ProductionResultRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from backend.wire.problems import RequestError, below
from planner.decisions import gate, realised
from planner.decisions.gate import AdoptionStage, Criterion, Facts, Finding, GateName
from planner.decisions.production_result import KeptResult
from planner.decisions.promise import Promise
from planner.decisions.realised import Realised
from planner.exchange.decisions import (
    Adoption,
    Decision,
    DecisionTerms,
    GateAhead,
    ResultState,
)
from planner.pilots.run import Purpose
from planner.refusal import Refusal, require
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence, ReviewRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What production is held against: the newest sign-off of a limited rollout.

    Attributes:
        promise: As it was signed.
        signed_on: Day of the sign-off, in UTC.
    """

    promise: Promise
    signed_on: str


def look(work: UnitOfWork, pilot_id: str, terms: DecisionTerms) -> Adoption:
    """Everything about the decision on a pilot; nothing is stored.

    Raises:
        RequestError: There is no such pilot.
        Refusal: The terms are not about it.
    """
    return _told(work, pilot_id, review_of(work, pilot_id, terms), terms)


def after(work: UnitOfWork, pilot_id: str) -> Adoption:
    """Where the decision stands once something was written.

    On the pilot's own terms; where these give no review any longer, as after its price was
    retired, without one: what was decided stays decided.
    """
    terms = DecisionTerms()
    try:
        review = review_of(work, pilot_id, terms)
    except Refusal:
        review = None
    return _told(work, pilot_id, review, terms)


def _told(work: UnitOfWork, pilot_id: str, review: Review | None, terms: DecisionTerms) -> Adoption:
    row = phases.existing(work, pilot_id)
    history = decisions.of_pilot(work.session, pilot_id)
    stage = stage_of(history)
    promised = promised_in(work, history)
    kept = decisions.results(work.session, pilot_id)
    entered = counting(kept, promised)
    today = work.now.date().isoformat()
    found = realised_of(promised, entered, today=today)
    adopted = adopted_in(history)
    return Adoption(
        pilot_id=pilot_id,
        stage=stage,
        schedule=adopted or schedule_of(review, terms),
        next_step=None if review is None or adopted else review.next_step,
        ahead=ahead(
            work, row, history, review=review, facts=facts_for(stage, review, terms, found)
        ),
        history=_decided(work, pilot_id, history),
        promise=promised.promise if promised else None,
        realised=found,
        chart=(
            realised.realised_chart(
                promised.promise, entered, signed_on=promised.signed_on, today=today
            )
            if promised
            else None
        ),
        results=tuple(_result(one) for one in reversed(kept)),
    )


def review_of(work: UnitOfWork, pilot_id: str, terms: DecisionTerms) -> Review | None:
    """The review on these terms; None before anything was measured."""
    request = terms.review or ReviewRequest(pilot_id=pilot_id)
    require(request.pilot_id == pilot_id, "terms.review.pilot_id", "review_of_other_pilot")
    try:
        review = reviews.compute(work, request)
    except RequestError:
        return None
    except Refusal as refusal:
        raise below("terms.review", refusal) from refusal
    if terms.schedule is not None:
        roles = {one.schedule: one.role for one in review.schedules}
        known, role = terms.schedule in roles, roles.get(terms.schedule)
        require(known, "terms.schedule", "schedule_not_in_pilot", schedule=terms.schedule)
        require(role == "candidate", "terms.schedule", "baseline_is_no_candidate")
    return review


def evidence_of(work: UnitOfWork, pilot_id: str) -> PilotEvidence:
    """Everything that was measured for the review of a pilot."""
    return reviews.evidence_of(work, ReviewRequest(pilot_id=pilot_id))[0]


def schedule_of(review: Review | None, terms: DecisionTerms) -> str:
    """The candidate that is looked at; empty before there is a review."""
    return terms.schedule or (review.verdict.schedule if review else "")


def stage_of(history: Sequence[DecisionRow]) -> AdoptionStage:
    """Where the candidate is used after these decisions, oldest first."""
    stage: AdoptionStage = "pilot"
    for row in history:
        told = decision_of(row)
        stage = gate.stage_after(stage, told.kind, told.gate)
    return stage


def adopted_in(history: Sequence[DecisionRow]) -> str | None:
    """The candidate that production uses after these decisions; None where it uses none."""
    if stage_of(history) not in ("limited_rollout", "full"):
        return None
    return next(row.schedule for row in reversed(history) if row.kind == "signed_off")


def fixed_for(history: Sequence[DecisionRow], name: GateName) -> DecisionRow | None:
    """The criteria of a gate that lies ahead, if they were fixed since the last way through."""
    fixed = None
    for row in history:
        if row.kind != "criteria_fixed":
            fixed = None
        elif row.gate == name:
            fixed = row
    return fixed


def ahead(
    work: UnitOfWork,
    row: PilotRow,
    history: Sequence[DecisionRow],
    *,
    review: Review | None,
    facts: Facts,
) -> GateAhead | None:
    """The gate ahead against what is known now."""
    name = gate.next_gate(stage_of(history))
    if name is None:
        return None
    fixed = fixed_for(history, name)
    criteria = (
        decision_of(fixed).criteria
        if fixed is not None
        else gate.suggested(name, phases.pilot_of(row), review)
    )
    found = gate.findings(criteria, facts)
    return GateAhead(
        gate=name,
        criteria_fixed=fixed is not None,
        before_results=fixed.before_results if fixed else before_results(work, row, name),
        findings=found,
        passed=all(one.passed for one in found),
        fixed_at=fixed.at if fixed else None,
    )


def before_results(work: UnitOfWork, row: PilotRow, name: GateName) -> bool:
    """Whether nobody can have seen a part of what the criteria judge.

    A review is shown from the first confirmation run on that has ended, long before the look; a
    pilot that confirms nothing is judged by its selection runs.
    """
    if name == "limited_rollout":
        confirms = bool(phases.pilot_of(row).seeds.confirmation)
        purpose: Purpose = "confirmation" if confirms else "selection"
        judged = runs.of_pilot(work.session, row.id, purpose=purpose)
        return not any(run.attempt > 0 and run.ended_at is not None for run in judged)
    history = decisions.of_pilot(work.session, row.id)
    promised = promised_in(work, history)
    return not counting(decisions.results(work.session, row.id), promised)


def facts_for(
    stage: AdoptionStage, review: Review | None, terms: DecisionTerms, found: Realised | None
) -> Facts:
    """What the gate ahead looks at: the pilot's review, or its production."""
    if stage == "limited_rollout":
        return realised.facts_of(found) if found is not None else {}
    if review is None:
        return {}
    return gate.facts_of_review(review, schedule_of(review, terms))


def promised_in(work: UnitOfWork, history: Sequence[DecisionRow]) -> Promised | None:
    """What was promised when the rollout was signed; None before, or where nothing could be."""
    signed = [row for row in history if (row.kind, row.gate) == ("signed_off", "limited_rollout")]
    if not signed:
        return None
    newest = signed[-1]
    snapshot = decisions.snapshot(work.session, newest.snapshot_id or "")
    promise = json.loads(snapshot.body)["promise"] if snapshot is not None else None
    if promise is None:
        return None
    return Promised(promise=decode(Promise, promise), signed_on=newest.at.date().isoformat())


def counting(kept: Sequence[ProductionResultRow], promised: Promised | None) -> list[KeptResult]:
    """Results since the sign-off; earlier ones belong to an adoption that was given up."""
    since = promised.signed_on if promised else ""
    return [kept_result(row) for row in kept if row.day >= since]


def kept_result(row: ProductionResultRow) -> KeptResult:
    """A result as it was stored."""
    return decode(KeptResult, row.result)


def realised_of(
    promised: Promised | None, results: Sequence[KeptResult], *, today: str
) -> Realised | None:
    """Results against the promise; None without one."""
    if promised is None:
        return None
    return realised.realised(promised.promise, results, signed_on=promised.signed_on, today=today)


def decision_of(row: DecisionRow) -> Decision:
    """A decision as it was stored, without the hash of its snapshot."""
    facts = row.facts
    return Decision(
        number=row.number,
        kind=row.kind,  # type: ignore[arg-type]
        gate=row.gate,  # type: ignore[arg-type]
        schedule=row.schedule,
        at=row.at,
        by=row.principal,
        name=row.name,
        reason=row.reason,
        override=row.override,
        before_results=row.before_results,
        criteria=decode(tuple[Criterion, ...], facts.get("criteria", [])),
        findings=decode(tuple[Finding, ...], facts.get("findings", [])),
        snapshot_id=row.snapshot_id,
        snapshot_sha256=None,
    )


def _decided(
    work: UnitOfWork, pilot_id: str, history: Sequence[DecisionRow]
) -> tuple[Decision, ...]:
    """Newest first, each with the hash of what was signed."""
    hashes = decisions.snapshot_hashes(work.session, pilot_id)
    return tuple(
        replace(decision_of(row), snapshot_sha256=hashes.get(row.snapshot_id or ""))
        for row in reversed(history)
    )


def _result(row: ProductionResultRow) -> ResultState:
    return ResultState(
        id=row.id,
        result=kept_result(row),
        entered_at=row.entered_at,
        entered_by=row.entered_by,
    )
