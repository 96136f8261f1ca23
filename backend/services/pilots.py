"""Pilots as people start, see and steer them."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from backend.repositories import pilots, runs
from backend.services import audit, budget, cap_terms, catalogue, curves, phases, prices, scaling
from backend.services.pilot_checks import check
from backend.services.runs import enter
from backend.tables import PilotRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import below, conflict
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.economics.rates import THIS_COMPUTER, RateCard
from planner.exchange.states import CapRaise, Page, PilotRequest, PilotState
from planner.pilots.imported import Imported
from planner.pilots.pilot import Pilot, PilotPhase
from planner.pilots.run import RunStatus
from planner.refusal import Refusal

Counts = dict[RunStatus, int]
"""How many runs of a pilot there are, by status."""


def create(work: UnitOfWork, request: PilotRequest) -> PilotState:
    """Starts a pilot: everything is checked first, then its first runs are queued.

    Raises:
        InputError: A schedule, the evaluation or the workload cannot be run.
        Refusal: The price book has no row of its hardware.
    """
    pilot = request.pilot
    workload = check(pilot, catalogue.known(work))
    cards = _priced(work, pilot)
    curve = request.throughput
    if curve is None and not request.measure_again:
        known = curves.usable(work, workload=pilot.workload, dtype=pilot.precision)
        curve = None if known is None else curves.curve_of(known)
    running = curve.device if curve else None
    terms = cap_terms.terms_for(work, pilot, cards=cards, running=running)
    row = PilotRow(
        id=uuid4().hex,
        pilot=encode(pilot),
        workload=pilot.workload,
        workload_facts=catalogue.facts_to_keep(workload),
        phase="probing",
        created_at=work.now,
        created_by=work.principal.name,
        measured_on=running,
        throughput=encode(curve) if curve else None,
        micro_batch_plan=None,
        selected={},
        finalists=[],
        looks_used=0,
        cap_terms=encode(terms),
    )
    pilots.add(work.session, row)
    queued = phases.begin(work, row, pilot, curve)
    audit.record(work, "pilot.create", row.id, None, {"name": pilot.name})
    counts: Counts = {"queued": len(queued)} if queued else {}
    at_cap = budget.at_cap(work, [row], {row.id: counts})
    measured = scaling.of_pilot(work, row)
    return _state(row, pilot, curve, counts, measured, at_cap=row.id in at_cap)


def state(work: UnitOfWork, pilot_id: str) -> PilotState:
    """One pilot.

    Raises:
        RequestError: There is none.
    """
    return _states(work, [phases.existing(work, pilot_id)])[0]


def page(
    work: UnitOfWork, *, phase: PilotPhase | None, page: int, page_size: int
) -> Page[PilotState]:
    """Newest pilots first."""
    rows, total = pilots.page(
        work.session, phase=phase, offset=(page - 1) * page_size, limit=page_size
    )
    return Page(items=_states(work, rows), page=page, page_size=page_size, total=total)


def cancel(work: UnitOfWork, pilot_id: str, *, reason: str) -> PilotState:
    """Ends a pilot: waiting runs are cancelled, running ones are asked to stop.

    Raises:
        RequestError: There is no such pilot, or it is over.
    """
    row = phases.existing(work, pilot_id)
    if row.phase in phases.OVER:
        raise conflict("pilot_over", phase=row.phase)
    before, row.phase = row.phase, "cancelled"
    for run in runs.of_pilot(work.session, pilot_id):
        if run.status == "running":
            run.wish, run.reason, run.detail = "cancel", "", reason
        elif run.status in ("queued", "paused", "capped", "failed"):
            enter(work, run, "cancelled")
            run.reason, run.detail = "", reason
    work.session.flush()
    told = {"phase": "cancelled", "reason": reason}
    audit.record(work, "pilot.cancel", pilot_id, {"phase": before}, told)
    return state(work, pilot_id)


def raise_cap(work: UnitOfWork, pilot_id: str, order: CapRaise) -> PilotState:
    """Lets a pilot use more; its capped runs are queued again.

    Raises:
        RequestError: There is no such pilot, or a cap would not rise.
    """
    cap_terms.raise_caps(work, phases.existing(work, pilot_id), order)
    return state(work, pilot_id)


def _priced(work: UnitOfWork, pilot: Pilot) -> Mapping[str, RateCard]:
    """Prices of the pilot's hardware and of this computer.

    Raises:
        Refusal: No review could be priced with that hardware when the runs are over.
    """
    profile = pilot.hardware.profile
    book = prices.of_day(work, ids=(profile, THIS_COMPUTER), electricity=False)
    try:
        book.card(profile)
    except Refusal as refusal:
        raise below("pilot", refusal) from refusal
    return book.cards


def _states(work: UnitOfWork, rows: Sequence[PilotRow]) -> tuple[PilotState, ...]:
    counts = pilots.run_counts(work.session, [row.id for row in rows])
    at_cap = budget.at_cap(work, rows, counts)
    return tuple(
        _state(
            row,
            phases.pilot_of(row),
            decode(ThroughputCurve, row.throughput) if row.throughput else None,
            counts[row.id],
            scaling.of_pilot(work, row),
            at_cap=row.id in at_cap,
        )
        for row in rows
    )


def _state(
    row: PilotRow,
    pilot: Pilot,
    curve: ThroughputCurve | None,
    counts: Counts,
    measured: ScalingCurve | None,
    *,
    at_cap: bool,
) -> PilotState:
    plan = row.micro_batch_plan
    return PilotState(
        id=row.id,
        pilot=pilot,
        phase=row.phase,
        created_at=row.created_at,
        measured_on=row.measured_on,
        throughput=curve,
        micro_batch_plan=decode(MicroBatchPlan, plan) if plan else None,
        selected=row.selected,
        finalists=tuple(row.finalists),
        run_counts=counts,
        looks_used=row.looks_used,
        cap_reached=at_cap,
        imported=decode(Imported, row.imported) if row.imported else None,
        scaling=measured,
    )
