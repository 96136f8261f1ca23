"""Gates as people pass them: criteria fixed beforehand, a sign-off on a snapshot, the way back."""

from collections.abc import Sequence
from http import HTTPStatus

from backend.repositories import decisions
from backend.services import adoptions, audit, occurrences, phases, snapshots
from backend.tables import DecisionRow, Json, PilotRow
from backend.unit_of_work import UnitOfWork
from backend.wire.canonical import data_sha256
from backend.wire.codec import encode
from backend.wire.problems import RequestError, conflict
from planner.decisions.gate import (
    Finding,
    GateName,
    check_confirmed,
    check_criteria,
    findings,
    next_gate,
)
from planner.exchange.decisions import (
    Adoption,
    CriteriaOrder,
    ReturnOrder,
    SignOff,
)


def fix_criteria(work: UnitOfWork, order: CriteriaOrder, *, pilot_id: str) -> Adoption:
    """Fixes the criteria of the gate ahead, once.

    Raises:
        RequestError: There is no such pilot or gate, or they are fixed already.
        Refusal: The gate does not look at one of them.
    """
    row = phases.existing(work, pilot_id)
    history = decisions.of_pilot(work.session, pilot_id)
    gate = _gate_ahead(history)
    if adoptions.fixed_for(history, gate) is not None:
        raise conflict("criteria_already_fixed")
    check_criteria(gate, order.criteria)
    facts: Json = {"criteria": [encode(one) for one in order.criteria]}
    decided = _row(work, row, kind="criteria_fixed", gate=gate, facts=facts)
    decided.before_results = adoptions.before_results(work, row, gate)
    decisions.add(work.session, decided)
    audit.record(work, "gate.fix_criteria", pilot_id, None, {"gate": gate, **facts})
    adoption = adoptions.after(work, pilot_id)
    occurrences.of_adoption(work, row, adoption)
    return adoption


def sign(work: UnitOfWork, order: SignOff, *, pilot_id: str) -> Adoption:
    """Passes the gate ahead on a review that is frozen in the same transaction.

    Raises:
        RequestError: The pilot is not done, nothing can be reviewed, the criteria were not fixed
            beforehand, or one is not met and nobody overrides it.
        Refusal: The terms are not about the pilot, or the candidate was never confirmed, which
            nobody can override.
    """
    row = phases.existing(work, pilot_id)
    history = decisions.of_pilot(work.session, pilot_id)
    gate = _gate_ahead(history)
    if row.phase != "done":
        raise conflict("pilot_not_done", phase=row.phase)
    fixed = adoptions.fixed_for(history, gate)
    if fixed is None:
        raise conflict("criteria_not_fixed")
    review = adoptions.review_of(work, pilot_id, order.terms)
    if review is None:
        raise RequestError(HTTPStatus.CONFLICT, "pilot_not_measured_yet")
    schedule = adoptions.adopted_in(history) or adoptions.schedule_of(review, order.terms)
    if gate == "limited_rollout":
        check_confirmed(review, schedule)
    promised = adoptions.promised_in(work, history)
    kept = decisions.results(work.session, pilot_id)
    counted = adoptions.counting(kept, promised)
    known = adoptions.realised_of(promised, counted, today=work.now.date().isoformat())
    facts = adoptions.facts_for(adoptions.stage_of(history), review, order.terms, known)
    found = findings(adoptions.decision_of(fixed).criteria, facts)
    _refuse_unmet(found, order)
    measured = data_sha256(adoptions.evidence_of(work, pilot_id))
    frozen = snapshots.freeze(work, pilot_id, review, schedule, measured=measured)
    told: Json = {"findings": [encode(one) for one in found]}
    decided = _row(work, row, kind="signed_off", gate=gate, facts=told)
    decided.name, decided.reason, decided.schedule = order.name, order.reason, schedule
    decided.override = not all(one.passed for one in found)
    decided.snapshot_id = frozen.id
    decisions.add(work.session, decided)
    after = {"gate": gate, "name": order.name, "reason": order.reason}
    signed = after | {"override": decided.override, "snapshot_sha256": frozen.sha256}
    audit.record(work, "gate.sign", pilot_id, None, signed)
    return adoptions.after(work, pilot_id)


def go_back(work: UnitOfWork, order: ReturnOrder, *, pilot_id: str) -> Adoption:
    """Records that production is back at the baseline schedule.

    Raises:
        RequestError: It never left it.
    """
    row = phases.existing(work, pilot_id)
    history = decisions.of_pilot(work.session, pilot_id)
    adopted = adoptions.adopted_in(history)
    if adopted is None:
        raise conflict("not_adopted")
    decided = _row(work, row, kind="returned", gate=None, facts={})
    decided.name, decided.reason = order.name, order.reason
    decided.schedule = adopted
    decisions.add(work.session, decided)
    after = {"name": order.name, "reason": order.reason}
    audit.record(work, "gate.return", pilot_id, {"stage": adoptions.stage_of(history)}, after)
    return adoptions.after(work, pilot_id)


def _gate_ahead(history: Sequence[DecisionRow]) -> GateName:
    gate = next_gate(adoptions.stage_of(history))
    if gate is None:
        raise conflict("no_gate_left")
    return gate


def _refuse_unmet(found: Sequence[Finding], order: SignOff) -> None:
    unmet = [one.criterion.key for one in found if not one.passed]
    if unmet and not order.override:
        raise conflict("criteria_not_met", unmet=len(unmet), of=len(found))


def _row(
    work: UnitOfWork, pilot: PilotRow, *, kind: str, gate: GateName | None, facts: Json
) -> DecisionRow:
    """A decision by whoever is signed in, now."""
    return DecisionRow(
        pilot_id=pilot.id,
        kind=kind,
        gate=gate,
        schedule="",
        at=work.now,
        principal=work.principal.name,
        name="",
        reason="",
        override=False,
        before_results=False,
        facts=facts,
        snapshot_id=None,
    )
