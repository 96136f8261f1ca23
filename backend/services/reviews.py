"""Reviews: stored or brought measurements joined to prices and assumptions, written nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from http import HTTPStatus

from backend.published.price_book import PriceBook, shipped_book
from backend.services import (
    catalogue,
    curves,
    phases,
    prices,
    records,
    reviewed_hardware,
    scaling,
    settled,
)
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from backend.wire.problems import RequestError, below
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions, Production
from planner.economics.rates import THIS_COMPUTER, RateCard
from planner.money import Money
from planner.pilots.imported import Imported
from planner.pilots.pilot import HardwareChoice, Pilot, check_workload
from planner.pilots.workload import BUILT_IN, Workload
from planner.refusal import Refusal, require
from planner.reviews.pricing import with_prices
from planner.reviews.review import Review, make_review
from planner.reviews.review_input import PilotEvidence, ReviewInput, ReviewRequest, check_steps
from planner.reviews.selection import Selection, selection_without_sweep


def compute(work: UnitOfWork, request: ReviewRequest) -> Review:
    """The review that a request asks for.

    Raises:
        Refusal: The hardware is not in the price book, or a price cannot be exchanged.
        RequestError: There is no such pilot, or it has measured nothing yet.
    """
    return make_review(input_for(work, request))


class Shared:
    """What reviews of one moment have in common, read when the first of them asks."""

    def __init__(self, work: UnitOfWork) -> None:
        self.workloads = cache(partial(catalogue.known, work))
        self.curves = cache(partial(_curves, work))
        self.book = cache(partial(prices.of_day, work))


def input_for(
    work: UnitOfWork, request: ReviewRequest, shared: Shared | None = None
) -> ReviewInput:
    """What that review is a function of; see `compute` for what it refuses."""
    evidence, look = evidence_of(work, request)
    shared = shared or Shared(work)
    return input_of(
        evidence,
        request,
        look=look,
        book=book_of(shared, request, evidence.pilot),
        known=shared.workloads(),
        curves=shared.curves(evidence.pilot.workload),
    )


def _curves(work: UnitOfWork, workload: str) -> tuple[ThroughputCurve, ...]:
    return tuple(map(curves.curve_of, curves.known(work, workload)))


def evidence_of(work: UnitOfWork, request: ReviewRequest) -> tuple[PilotEvidence, int]:
    """The measurements that a request is about, and the number of the look.

    Raises:
        RequestError: There is no such pilot, or it has measured nothing yet.
    """
    if request.pilot_id is None:
        if request.evidence is None:
            raise AssertionError("a request names a pilot or brings evidence")
        return request.evidence, request.look or 1
    return settled.once(
        work,
        request.pilot_id,
        "evidence",
        make=_stored_evidence,
        records=lambda made: made[0].records,
    )


def _stored_evidence(work: UnitOfWork, pilot_id: str) -> tuple[PilotEvidence, int]:
    row = phases.existing(work, pilot_id)
    if row.throughput is None or row.micro_batch_plan is None:
        code = "pilot_not_measured_yet" if row.imported is None else "import_without_time"
        raise RequestError(HTTPStatus.CONFLICT, code)
    selection = None
    if row.selected:
        selection = Selection(selected=row.selected, finalists=tuple(row.finalists), at_edge=())
    evidence = PilotEvidence(
        pilot=phases.pilot_of(row),
        workload=catalogue.of_pilot(row),
        records=records.of_pilot(work, pilot_id),
        throughput=decode(ThroughputCurve, row.throughput),
        micro_batch_plan=decode(MicroBatchPlan, row.micro_batch_plan),
        scaling=scaling.of_pilot(work, row),
        selection=selection,
        imported=decode(Imported, row.imported) if row.imported else None,
    )
    return evidence, max(1, row.looks_used)


def review_of(
    evidence: PilotEvidence,
    request: ReviewRequest,
    *,
    look: int,
    book: PriceBook | None = None,
    known: Mapping[str, Workload] = BUILT_IN,
    curves: tuple[ThroughputCurve, ...] = (),
) -> Review:
    """The review of measurements at hand, see `input_of`."""
    given = input_of(evidence, request, look=look, book=book, known=known, curves=curves)
    return make_review(given)


def input_of(
    evidence: PilotEvidence,
    request: ReviewRequest,
    *,
    look: int,
    book: PriceBook | None = None,
    known: Mapping[str, Workload] = BUILT_IN,
    curves: tuple[ThroughputCurve, ...] = (),
) -> ReviewInput:
    """Everything that the review of measurements at hand is a function of.

    Args:
        evidence: Measurements; the facts of its workload, where it carries them, come first.
        request: What is asked about it.
        look: Number of the look.
        book: Prices of the request's day; without it those that Paybatch comes with.
        known: Workloads by name, for evidence that does not carry its own.
        curves: Known for other devices.
    """
    pilot = evidence.pilot
    workload = evidence.facts(known)
    if workload is None:
        raise Refusal("evidence.pilot.workload", "workload_unknown", workload=pilot.workload)
    if request.evidence is not None:
        _check_brought(evidence, workload)
        require(look <= pilot.looks, "look", "looks_out_of_range", most=pilot.looks)
    choice = request.hardware or pilot.hardware
    production = request.production or pilot.production
    _check_device_counts(choice, production)
    priced = book or shipped_book(request.price_day)
    hardware = reviewed_hardware.of_runs(
        reviewed_hardware.profile(choice, (evidence.throughput, *curves), priced),
        evidence.imported,
    )
    pilot_rate = _pilot_rate(evidence, request, priced)
    compared = reviewed_hardware.compared(request, (evidence.throughput, *curves), priced)
    return ReviewInput(
        pilot=pilot,
        workload=workload,
        records=evidence.records,
        selection=evidence.selection or _selection_of(pilot),
        throughput=evidence.throughput,
        micro_batch_plan=evidence.micro_batch_plan,
        scaling=evidence.scaling,
        hardware=hardware,
        pilot_rate=pilot_rate,
        production=production,
        assumptions=joined(
            request.assumptions or pilot.assumptions,
            hardware.rate_card,
            priced,
            pilot_rate.rent_per_gpu_hour,
            *(profile.rate_card.rent_per_gpu_hour for profile in compared),
        ),
        look=look,
        home=reviewed_hardware.home(pilot, (evidence.throughput, *curves), priced),
        compared=compared,
        imported=evidence.imported,
    )


def book_of(shared: Shared, request: ReviewRequest, pilot: Pilot) -> PriceBook:
    """The price book of the day that is asked for, as far as the review needs it."""
    profiles = {
        (request.hardware or pilot.hardware).profile,
        pilot.hardware.profile,
        *(one.hardware.profile for one in request.compared_hardware),
    }
    return shared.book(
        request.price_day,
        ids=(*sorted(profiles), THIS_COMPUTER),
        currency=(request.assumptions or pilot.assumptions).currency,
    )


def check_terms(pilot: Pilot) -> None:
    """Refuses a pilot whose own hardware, production and assumptions would give no review.

    Raises:
        Refusal: The hardware is not in the price book or not that of the production, or a price
            cannot be exchanged.
    """
    _check_device_counts(pilot.hardware, pilot.production)
    book = shipped_book()
    joined(pilot.assumptions, reviewed_hardware.rate_card(pilot.hardware, book), book)


def joined(
    assumptions: Assumptions, card: RateCard, book: PriceBook, *to_exchange: Money
) -> Assumptions:
    """The assumptions with what the price book of the day adds to them.

    Raises:
        Refusal: A price cannot be exchanged.
    """
    return with_prices(
        assumptions,
        card,
        known_rates=book.exchange_rates,
        facility=book.facility,
        day=book.day,
        to_exchange=to_exchange,
    )


def _check_device_counts(choice: HardwareChoice, production: Production | None) -> None:
    if production is not None:
        require(
            choice.device_count == production.device_count,
            "hardware.device_count",
            "device_counts_differ",
            hardware=choice.device_count,
            production=production.device_count,
        )


def _check_brought(evidence: PilotEvidence, workload: Workload) -> None:
    """What stored measurements were refused for when they came in."""
    try:
        check_workload(evidence.pilot, {workload.name: workload})
    except Refusal as refusal:
        raise below("evidence.pilot", refusal) from refusal
    try:
        check_steps(evidence, workload)
    except Refusal as refusal:
        raise below("evidence", refusal) from refusal


def _selection_of(pilot: Pilot) -> Selection | None:
    """What a pilot without a sweep froze before its first run; None before a sweep's end."""
    return None if pilot.needs_selection else selection_without_sweep(pilot)


def _pilot_rate(evidence: PilotEvidence, request: ReviewRequest, book: PriceBook) -> RateCard:
    """This computer's rate card, at the price that was entered for it.

    Imported runs were paid for at the price of the devices that they were trained on.
    """
    if evidence.imported is not None:
        card = reviewed_hardware.rate_card(evidence.pilot.hardware, book)
    else:
        card = book.card(THIS_COMPUTER)
    typed = request.pilot_rate_per_device_h
    return card if typed is None else replace(card, rent_per_gpu_hour=typed, as_of=None, row=0)
