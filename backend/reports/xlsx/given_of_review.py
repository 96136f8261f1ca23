"""All inputs of a review's money: its training and its pilot, prices, and what is assumed."""

from collections.abc import Iterator, Sequence

from backend.reports.xlsx.given import TIME_RATIO, Given, GivenGroup, labelled
from backend.reports.xlsx.given_assumptions import assumed_inputs
from backend.reports.xlsx.given_prices import price_inputs
from planner.economics.cost import spot_factor
from planner.economics.investment import TrainingComparison
from planner.reviews.ingredient import Origin
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language


def given_groups(
    review: Review, cases: Sequence[ScheduleReview], language: Language, *, last_month: int
) -> list[GivenGroup]:
    """Every input, in the order of the sheet.

    Args:
        review: Of which they are the inputs.
        cases: Candidates with a case, in the order of the workbook.
        language: Of their labels.
        last_month: Last one that the tables of the workbook have.
    """
    groups = {
        "training": (*_training(review, language), *_ratios(review, cases, language)),
        "price": tuple(price_inputs(review, language)),
        "assumptions": tuple(assumed_inputs(review.assumptions, language, last_month)),
    }
    return [GivenGroup(title=title, inputs=inputs) for title, inputs in groups.items() if inputs]


def _training(review: Review, language: Language) -> Iterator[Given]:
    today = review.today
    if today is None:
        return
    known: Origin = "assumed" if review.production else _runs_are(review)
    yield Given(
        name="training_h",
        label=labelled("assumption.training_h", language),
        value=_uninterrupted_h(review, today),
        unit="h",
        number="decimal",
        origin=known,
        above_zero=True,
    )
    for name, count in (
        ("device_count", today.device_count),
        ("candidate_device_count", today.candidate_device_count),
    ):
        yield Given(
            name=name,
            label=say(f"workbook.input.{name}", language),
            value=count,
            unit="devices",
            number="count" if float(count).is_integer() else "decimal",
            origin=known,
            fixed=True,
        )
    yield Given(
        name="overhead_fraction",
        label=labelled("assumption.overhead_fraction", language),
        value=today.overhead_fraction,
        unit="",
        number="percent",
        origin=known,
        high=0.99,
    )


def _uninterrupted_h(review: Review, today: TrainingComparison) -> float:
    """Today's hours without the interruptions by which spot terms lengthen them."""
    spot = review.price.spot
    if review.production is not None:
        return review.production.training_h
    if spot is None:
        return today.training_h
    return today.training_h / spot_factor(
        interruptions_per_device_h=spot.interruptions_per_device_h,
        device_count=today.device_count,
        checkpoint_interval_h=spot.checkpoint_interval_h,
        restart_h=spot.restart_h,
    )


def _ratios(review: Review, cases: Sequence[ScheduleReview], language: Language) -> Iterator[Given]:
    for place, reviewed in enumerate(cases, start=1):
        if reviewed.case is None:
            continue
        yield Given(
            name=f"{TIME_RATIO}_{place}",
            label=say("workbook.input.time_ratio", language, schedule=reviewed.schedule),
            value=reviewed.case.time_ratio,
            unit="of_today",
            number="ratio",
            origin="calculated" if review.production else _runs_are(review),
        )
    yield Given(
        name="pilot_device_h",
        label=labelled("ingredient.pilot_device_h", language),
        value=review.pilot_device_h,
        unit="h",
        number="decimal",
        origin=_runs_are(review),
    )


def _runs_are(review: Review) -> Origin:
    """Measured here, or imported."""
    return "measured" if review.imported is None else "imported"
