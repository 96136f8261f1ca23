"""The hardware that a review is of, that a training states its hours on, and that is compared."""

from dataclasses import replace

from backend.published.price_book import PriceBook, shipped_book
from backend.wire.problems import below
from planner.devices.throughput import ThroughputCurve
from planner.economics.rates import THIS_COMPUTER, HardwareProfile, RateCard
from planner.pilots.imported import Imported
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.projections.device_speed import typed_speed, with_evaluations_like
from planner.refusal import Refusal
from planner.reviews.review_input import ReviewRequest


def profile(
    choice: HardwareChoice, curves: tuple[ThroughputCurve, ...], book: PriceBook
) -> HardwareProfile:
    """The chosen hardware with its price, and its speed if it was ever measured.

    Args:
        choice: A row of the price book, perhaps at the user's own price.
        curves: Known curves of the workload; the first, if any, is the one that the pilot runs on.
        book: Prices of the day.
    """
    card = rate_card(choice, book)
    device = curves[0].device if choice.profile == THIS_COMPUTER and curves else card.device
    return HardwareProfile(
        rate_card=card,
        device_count=choice.device_count,
        throughput=next((curve for curve in curves if curve.device == device), None),
        interconnect=choice.interconnect,
    )


def of_runs(found: HardwareProfile, imported: Imported | None) -> HardwareProfile:
    """The hardware under the name of the devices that imported runs were trained on."""
    if imported is None or found.rate_card.id != THIS_COMPUTER:
        return found
    return replace(found, rate_card=replace(found.rate_card, device=imported.device))


def home(
    pilot: Pilot, curves: tuple[ThroughputCurve, ...], book: PriceBook
) -> HardwareProfile | None:
    """Hardware whose hours a production training states: the row of prices that the pilot names.

    Its device counts, not its price: a row that came with Paybatch need not have one on the day.
    A pilot that names none, or a row that is in no book, states the hours of whatever hardware the
    review is of.
    """
    row = pilot.hardware.profile
    known = next((one for one in (book, shipped_book()) if row in one.cards), None)
    if row == THIS_COMPUTER or known is None:
        return None
    return profile(pilot.hardware, curves, known)


def compared(
    request: ReviewRequest, curves: tuple[ThroughputCurve, ...], book: PriceBook
) -> tuple[HardwareProfile, ...]:
    """Every hardware to be set side by side; typed points are its speed where none was measured.

    Raises:
        Refusal: One of them is not in the price book.
    """
    profiles = []
    for place, one in enumerate(request.compared_hardware):
        try:
            found = profile(one.hardware, curves, book)
        except Refusal as refusal:
            raise below(f"compared_hardware[{place}]", refusal) from refusal
        if one.typed_points and found.throughput is None:
            typed = typed_speed(one.typed_points, device=found.rate_card.device)
            curve = with_evaluations_like(typed.curve, curves[0])
            found = replace(found, throughput=curve)
        profiles.append(found)
    return tuple(profiles)


def rate_card(choice: HardwareChoice, book: PriceBook) -> RateCard:
    """The row of the price book, or the user's own price in its place."""
    card = book.card(choice.profile)
    typed = choice.rent_per_gpu_hour
    if typed is None:
        return card
    return RateCard(
        id=card.id,
        device=card.device,
        vendor=card.vendor,
        kind="own",
        rent_per_gpu_hour=typed,
        board_w=card.board_w,
        source=card.source,
        region=card.region,
    )
