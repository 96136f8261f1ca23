"""Where a number comes from: its formula by key, and the inputs that went into it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from planner.economics.assumptions import Assumptions, Production
from planner.economics.business_case import BusinessCase
from planner.economics.investment import TrainingComparison
from planner.economics.rates import RateCard
from planner.pilots.target import Quality, Target
from planner.reviews.comparison import Comparison
from planner.reviews.ingredient import (
    Ingredient,
    Origin,
    assumed_number,
    count,
    fraction,
    hours,
    money,
    ratio,
    seconds,
)
from planner.reviews.schedule_review import ScheduleReview

Number = Literal[
    "net_benefit",
    "payback",
    "return_on_investment",
    "time_against_today",
    "quality_against_today",
    "rate_chosen",
    "reached",
    "epochs",
    "steps",
    "samples",
    "time_to_target",
    "cost",
]
"""What a review shows of a schedule; the formula is ``provenance.<formula>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one number of one schedule comes from.

    Attributes:
        number: Which number.
        schedule: Of which schedule.
        formula: Message key below ``provenance.``; says in words how it is calculated.
        ingredients: What went into it, in the order of the formula.
    """

    number: Number
    schedule: str
    formula: str
    ingredients: tuple[Ingredient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What all numbers of a review share."""

    target: Target
    quality: Quality | None
    price: RateCard
    today: TrainingComparison | None
    production: Production | None
    assumptions: Assumptions


def provenances(
    schedules: Iterable[ScheduleReview], background: Background
) -> tuple[Provenance, ...]:
    """The origin of every number that a review shows."""
    listed = tuple(schedules)
    baseline = next(found for found in listed if found.role == "baseline")
    return tuple(
        found
        for reviewed in listed
        for found in (
            *_measured(reviewed, background),
            *_cost(reviewed, background),
            *_against(reviewed, baseline, background),
            *_business(reviewed, background),
        )
    )


def _measured(reviewed: ScheduleReview, background: Background) -> Iterator[Provenance]:
    measured = reviewed.measured
    runs = count("runs", measured.runs, "measured")
    reached = count("runs_reached", measured.reached, "measured")
    metric = background.target.metric
    aim = Ingredient(
        name="target", value=background.target.value, unit="metric", origin="planned", of=metric
    )

    def told(number: Number, *ingredients: Ingredient, formula: str | None = None) -> Provenance:
        return Provenance(
            number=number,
            schedule=reviewed.schedule,
            formula=formula or number,
            ingredients=ingredients,
        )

    budget = seconds("budget", measured.budget_s, "calculated")
    yield told("rate_chosen", ratio("rate_multiplier", reviewed.rate_multiplier, "measured"))
    yield told("reached", aim, runs, reached, budget)
    yield told("epochs", aim, reached, runs)
    yield told("steps", aim, reached, runs)
    yield told("samples", aim, reached, runs)
    interval = measured.time_to_target_s
    if interval is not None:
        yield told(
            "time_to_target",
            aim,
            runs,
            seconds("mean_time", measured.mean_time_to_target_s, "measured"),
            seconds("time_low", interval.low, "measured"),
            seconds("time_high", interval.high, "measured"),
        )
    else:
        yield told("time_to_target", aim, runs, reached, budget, formula="time_to_target_censored")


def _cost(reviewed: ScheduleReview, background: Background) -> Iterator[Provenance]:
    today, training = background.today, reviewed.training
    if today is None or training is None:
        return
    known: Origin = "assumed" if background.production else "measured"
    ingredients = [
        _price(background, today),
        count("devices", today.device_count, "assumed"),
        hours("training_h_today", today.training_h, known),
    ]
    if reviewed.case is not None:
        ingredients += [
            ratio(
                "time_ratio",
                reviewed.case.time_ratio,
                "calculated" if background.production else "measured",
            ),
            fraction("overhead_fraction", today.overhead_fraction),
        ]
    ingredients += [
        hours("training_h", training.training_h, "calculated"),
        hours("device_h", training.device_h, "calculated"),
    ]
    yield Provenance(
        number="cost",
        schedule=reviewed.schedule,
        formula="cost" if reviewed.case else "cost_today",
        ingredients=tuple(ingredients),
    )


def _against(
    reviewed: ScheduleReview, baseline: ScheduleReview, background: Background
) -> Iterator[Provenance]:
    comparison = reviewed.comparison
    if comparison is None:
        return
    censored = comparison.censored_pairs > 0
    yield Provenance(
        number="time_against_today",
        schedule=reviewed.schedule,
        formula="time_against_today_censored" if censored else "time_against_today",
        ingredients=(
            seconds("mean_time", reviewed.measured.mean_time_to_target_s, "measured"),
            seconds("mean_time_today", baseline.measured.mean_time_to_target_s, "measured"),
            count("pairs", comparison.pairs, "measured"),
            count("censored_pairs", comparison.censored_pairs, "measured"),
        ),
    )
    if background.quality is not None:
        yield _quality(reviewed, baseline, comparison, background.quality)


def _quality(
    reviewed: ScheduleReview, baseline: ScheduleReview, comparison: Comparison, quality: Quality
) -> Provenance:
    metric = quality.metric
    verdict = comparison.quality

    def final(name: str, value: float | None) -> Ingredient:
        return Ingredient(name=name, value=value, unit="metric", origin="measured", of=metric)

    return Provenance(
        number="quality_against_today",
        schedule=reviewed.schedule,
        formula="quality_against_today",
        ingredients=(
            final("final_quality", reviewed.measured.final_quality),
            final("final_quality_today", baseline.measured.final_quality),
            count("pairs", verdict.n if verdict else 0, "measured"),
            Ingredient(
                name="tolerance",
                value=quality.tolerance,
                unit="difference",
                origin="planned",
                of=metric,
            ),
        ),
    )


def _business(reviewed: ScheduleReview, background: Background) -> Iterator[Provenance]:
    case = reviewed.case
    if case is None:
        return
    assumed = background.assumptions
    outlay = money("investment", case.investment.counted, "calculated")
    monthly = [
        assumed_number("trainings_per_month", assumed.trainings_per_month),
        money("worth_per_training", case.value.total, "calculated"),
    ]
    horizon = Ingredient(
        name="horizon_months", value=assumed.horizon_months, unit="months", origin="assumed"
    )
    discount = fraction("discount_rate_per_year", assumed.discount_rate_per_year)
    parts = [
        *_lines(case),
        money("device_hours", case.value.device_hours, "calculated"),
        money("engineer_hours", case.value.engineer_hours, "calculated"),
        money("earlier_result", case.value.earlier_result, "calculated"),
    ]
    numbers: dict[Number, tuple[Ingredient, ...]] = {
        "net_benefit": (outlay, *monthly, horizon, discount, *parts),
        "payback": (outlay, *monthly, horizon, *parts),
        "return_on_investment": (outlay, *monthly, horizon),
    }
    for number, ingredients in numbers.items():
        yield Provenance(
            number=number, schedule=reviewed.schedule, formula=number, ingredients=ingredients
        )


def _lines(case: BusinessCase) -> list[Ingredient]:
    """The lines of the investment that cost something and count."""
    return [
        money(line.key, line.cost, "calculated")
        for line in case.investment.lines
        if line.counted and line.cost.amount
    ]


def _price(background: Background, today: TrainingComparison) -> Ingredient:
    card = background.price
    return Ingredient(
        name="price_per_device_h",
        value=today.price_per_device_h.amount,
        unit="money",
        origin="assumed" if card.kind == "own" else "price",
        of=today.price_per_device_h.currency,
        source="" if card.kind == "own" else card.reference,
    )
