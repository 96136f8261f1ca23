"""Reviews: stored or brought measurements joined to prices and assumptions, written nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from backend.price_book import rate_card
from backend.problems import RequestError, below
from backend.services import catalogue, curves, phases, pilots, records
from backend.unit_of_work import UnitOfWork
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Production
from planner.economics.rates import THIS_COMPUTER, HardwareProfile, RateCard
from planner.pilots.pilot import HardwareChoice, Pilot, check_workload
from planner.pilots.workload import BUILT_IN, Workload
from planner.refusal import Refusal, require
from planner.reviews.pace import in_reporting_currency
from planner.reviews.review import Review, make_review
from planner.reviews.review_input import PilotEvidence, ReviewInput, ReviewRequest, check_steps
from planner.reviews.selection import Selection, selection_without_sweep


def compute(work: UnitOfWork, request: ReviewRequest) -> Review:
    """The review that a request asks for.

    Raises:
        Refusal: The hardware is not in the price book, or a price cannot be exchanged.
        RequestError: There is no such pilot, or it has measured nothing yet.
    """
    evidence, look = evidence_of(work, request)
    return review_of(
        evidence,
        request,
        look=look,
        known=catalogue.known(work),
        curves=tuple(map(curves.curve_of, curves.known(work, evidence.pilot.workload))),
    )


def evidence_of(work: UnitOfWork, request: ReviewRequest) -> tuple[PilotEvidence, int]:
    """The measurements that a request is about, and the number of the look.

    Raises:
        RequestError: There is no such pilot, or it has measured nothing yet.
    """
    if request.pilot_id is None:
        if request.evidence is None:
            raise AssertionError("a request names a pilot or brings evidence")
        return request.evidence, request.look or 1
    state = pilots.state(work, request.pilot_id)
    if state.throughput is None or state.micro_batch_plan is None:
        raise RequestError(HTTPStatus.CONFLICT, "pilot_not_measured_yet")
    selection = None
    if state.selected:
        selection = Selection(selected=state.selected, finalists=state.finalists, at_edge=())
    row = phases.existing(work, request.pilot_id)
    evidence = PilotEvidence(
        pilot=state.pilot,
        workload=catalogue.of_pilot(row),
        records=records.of_pilot(work, row.id),
        throughput=state.throughput,
        micro_batch_plan=state.micro_batch_plan,
        selection=selection,
    )
    return evidence, max(1, state.looks_used)


def review_of(
    evidence: PilotEvidence,
    request: ReviewRequest,
    *,
    look: int,
    known: Mapping[str, Workload] = BUILT_IN,
    curves: tuple[ThroughputCurve, ...] = (),
) -> Review:
    """The review of measurements at hand.

    Args:
        evidence: Measurements; the facts of its workload, where it carries them, come first.
        request: What is asked about it.
        look: Number of the look.
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
    return make_review(
        ReviewInput(
            pilot=pilot,
            workload=workload,
            records=evidence.records,
            selection=evidence.selection or _selection_of(pilot),
            throughput=evidence.throughput,
            micro_batch_plan=evidence.micro_batch_plan,
            hardware=hardware_profile(choice, (evidence.throughput, *curves)),
            pilot_rate=_pilot_rate(request),
            production=production,
            assumptions=request.assumptions or pilot.assumptions,
            look=look,
        )
    )


def check_terms(pilot: Pilot) -> None:
    """Refuses a pilot whose own hardware, production and assumptions would give no review.

    Raises:
        Refusal: The hardware is not in the price book or not that of the production, or a price
            cannot be exchanged.
    """
    _check_device_counts(pilot.hardware, pilot.production)
    card = _rate_card(pilot.hardware)
    in_reporting_currency(card.rent_per_gpu_hour, pilot.assumptions)


def hardware_profile(
    choice: HardwareChoice, curves: tuple[ThroughputCurve, ...]
) -> HardwareProfile:
    """The chosen hardware with its price, and its speed if it was ever measured.

    Args:
        choice: A row of the price book, perhaps at the user's own price.
        curves: Known curves of the workload; the first, if any, is the one that the pilot runs on.
    """
    card = _rate_card(choice)
    device = curves[0].device if choice.profile == THIS_COMPUTER and curves else card.device
    return HardwareProfile(
        rate_card=card,
        device_count=choice.device_count,
        throughput=next((curve for curve in curves if curve.device == device), None),
    )


def _rate_card(choice: HardwareChoice) -> RateCard:
    """The row of the price book, or the user's own price in its place."""
    card = rate_card(choice.profile)
    if card is None:
        raise Refusal("hardware.profile", "price_unknown", profile=choice.profile)
    if choice.rent_per_gpu_hour is None:
        return card
    return replace(card, kind="own", rent_per_gpu_hour=choice.rent_per_gpu_hour, as_of=None)


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


def _pilot_rate(request: ReviewRequest) -> RateCard:
    """This computer's rate card, at the price that was entered for it."""
    card = rate_card(THIS_COMPUTER)
    if card is None:
        raise AssertionError("the price book always has a row for this computer")
    if request.pilot_rate_per_device_h is None:
        return card
    return replace(card, rent_per_gpu_hour=request.pilot_rate_per_device_h)
