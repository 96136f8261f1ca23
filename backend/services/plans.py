"""Plans: a pilot that is not started, joined to known curves, workers, queue and prices."""

from dataclasses import replace

from backend.published.price_book import PriceBook
from backend.services import (
    cap_forecasts,
    cap_terms,
    catalogue,
    curves,
    prices,
    queue,
    reviewed_hardware,
    reviews,
    scaling,
)
from backend.services.pilot_checks import check
from backend.tables import ThroughputRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import below
from planner.economics.rates import THIS_COMPUTER
from planner.money import Money
from planner.pilots.pilot import Pilot
from planner.plans.equal_effort import Control, ControlRequest, equal_effort
from planner.plans.plan import PlanInput, plan_facts
from planner.plans.plan_facts import CurveUse, PlanFacts, PlanRequest
from planner.refusal import Refusal, require


def compute(work: UnitOfWork, request: PlanRequest) -> PlanFacts:
    """What a pilot would cost and take; nothing is stored.

    Raises:
        InputError: It could not be run.
        Refusal: Its money could not be stated.
    """
    pilot = request.pilot
    workload = check(pilot, catalogue.known(work))
    _check_hardware(pilot)
    usable = None
    if not request.measure_again:
        usable = curves.usable(work, workload=pilot.workload, dtype=pilot.precision)
    stored = curves.known(work, pilot.workload)
    running = None if usable is None else usable.device
    book = prices.of_day(
        work,
        ids=(pilot.hardware.profile, THIS_COMPUTER),
        currency=pilot.assumptions.currency,
    )
    terms = cap_terms.terms_for(work, pilot, cards=book.cards, running=running)
    row = usable or next(iter(stored), None)
    measured = tuple(map(curves.curve_of, stored if row is None else (row, *stored)))
    try:
        hardware = reviewed_hardware.profile(pilot.hardware, measured, book)
        assumed = reviews.joined(pilot.assumptions, hardware.rate_card, book)
        return plan_facts(
            PlanInput(
                pilot=replace(pilot, assumptions=assumed),
                workload=workload,
                throughput=next(iter(measured), None),
                curve=None if row is None else _use(work, row, reused=usable is not None),
                needs_probe=usable is None,
                hardware=hardware,
                pilot_rate_per_device_h=request.pilot_rate_per_device_h or _entered(book),
                serving=queue.serving(work, pilot),
                now=work.now,
                cap_terms=terms.on(None if row is None else row.device),
                month=cap_forecasts.of_month(work).uses,
                scaling=None if row is None else scaling.of_curve(work, curves.curve_of(row)),
            )
        )
    except Refusal as refusal:
        raise below("pilot", refusal) from refusal


def control(work: UnitOfWork, request: ControlRequest) -> Control:
    """A control of equal effort for one candidate of a plan; nothing is stored.

    Raises:
        InputError: The plan could not be run.
        Refusal: There is no such control.
    """
    pilot = request.pilot
    workload = check(pilot, catalogue.known(work))
    usable = curves.usable(work, workload=pilot.workload, dtype=pilot.precision)
    stored = curves.known(work, pilot.workload)
    rows = stored if usable is None else (usable, *stored)
    measured = tuple(map(curves.curve_of, rows))
    hardware = None
    if request.effort == "money":
        _check_hardware(pilot)
        book = prices.of_day(work, ids=(pilot.hardware.profile,))
        try:
            hardware = reviewed_hardware.profile(pilot.hardware, measured, book)
        except Refusal as refusal:
            raise below("pilot", refusal) from refusal
    return equal_effort(
        request, workload=workload, throughput=next(iter(measured), None), hardware=hardware
    )


def _entered(book: PriceBook) -> Money | None:
    """What somebody entered for this computer; None until then, so that nothing looks free."""
    card = book.card(THIS_COMPUTER)
    return card.rent_per_gpu_hour if card.row else None


def _use(work: UnitOfWork, row: ThroughputRow, *, reused: bool) -> CurveUse:
    return CurveUse(
        number=row.number,
        device=row.device,
        versions=row.versions,
        age_s=curves.age_s(work, row),
        reused=reused,
    )


def _check_hardware(pilot: Pilot) -> None:
    """The review is computed for the devices that the production training uses."""
    if pilot.production is not None:
        require(
            pilot.hardware.device_count == pilot.production.device_count,
            "pilot.hardware.device_count",
            "device_counts_differ",
            hardware=pilot.hardware.device_count,
            production=pilot.production.device_count,
        )
