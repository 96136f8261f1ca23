"""Where the amounts come from, and what follows from them."""

from collections.abc import Iterator

from planner.economics.assumptions import Assumptions
from planner.economics.business_case import BusinessCase, TrainingFacts
from planner.economics.investment import InvestmentLine, TrainingComparison
from planner.money import Money
from planner.reviews.ingredient import (
    Ingredient,
    Origin,
    assumed_hours,
    assumed_money,
    assumed_number,
    count,
    fraction,
    hours,
    money,
    ratio,
)
from planner.reviews.provenance import OUTLAYS, Background, Number, Provenance
from planner.reviews.schedule_review import ScheduleReview


def cost_origins(reviewed: ScheduleReview, background: Background) -> Iterator[Provenance]:
    """Cost of one training under one schedule."""
    today, training = background.today, reviewed.training
    if today is None or training is None:
        return
    known: Origin = "assumed" if background.production else "measured"
    price, devices = today.price_per_device_h, today.device_count
    if reviewed.case is not None:
        price, devices = today.candidate_price, today.candidate_device_count
    ingredients = [
        _price(background, price),
        count("devices", devices, "assumed"),
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
        *_evaluations(training),
        hours("device_h", training.device_h, "calculated"),
    ]
    yield Provenance(
        number="cost",
        schedule=reviewed.schedule,
        formula="cost" if reviewed.case else "cost_today",
        ingredients=tuple(ingredients),
    )


def _evaluations(training: TrainingFacts) -> tuple[Ingredient, ...]:
    if training.evaluation_h is None:
        return ()
    return (hours("evaluation_h", training.evaluation_h, "calculated"),)


def business_origins(reviewed: ScheduleReview, background: Background) -> Iterator[Provenance]:
    """What replacing today's schedule is worth, number by number."""
    case, today = reviewed.case, background.today
    if case is None or today is None:
        return
    numbers: dict[Number, tuple[Ingredient, ...]] = {
        **_returns(case, background.assumptions),
        **_values(case, today, background.assumptions),
    }
    lines = {line.key: line for line in case.investment.lines}
    for key in OUTLAYS:
        numbers[key] = tuple(_of_line(lines[key], today, background))
    for number, ingredients in numbers.items():
        yield Provenance(
            number=number, schedule=reviewed.schedule, formula=number, ingredients=ingredients
        )


def _returns(case: BusinessCase, assumed: Assumptions) -> dict[Number, tuple[Ingredient, ...]]:
    """Numbers of the whole plan."""
    outlay = money("investment", case.investment.counted, "calculated")
    worth = money("worth_per_training", case.value.total, "calculated")
    trainings = assumed_number("trainings_per_month", assumed.trainings_per_month)
    horizon = Ingredient(
        name="horizon_months", value=assumed.horizon_months, unit="months", origin="assumed"
    )
    discount = fraction("discount_rate_per_year", assumed.discount_rate_per_year)
    lines = [
        money(line.key, line.cost, "calculated")
        for line in case.investment.lines
        if line.counted and line.cost.amount
    ]
    parts = (*lines, *_worth_lines(case))
    beside = _beside_trainings(case, assumed)
    flows = (outlay, trainings, worth, horizon, *beside)
    return {
        "net_benefit": (*flows, discount, *parts),
        "payback": (*flows, *parts),
        "return_on_investment": flows,
        "investment": tuple(lines),
        "discounted_payback": (*flows, discount),
        "internal_rate": flows,
        "break_even_trainings": (outlay, worth, horizon, *beside, discount),
        "break_even_time": (outlay, trainings, horizon, *beside, discount),
        "break_even_price": (*flows, discount),
        "scenarios": (*flows, discount),
    }


def _beside_trainings(case: BusinessCase, assumed: Assumptions) -> tuple[Ingredient, ...]:
    """What flows however many trainings there are, and the tax on all of it, where there is any."""
    paid = case.investment
    found = []
    if paid.residual.amount:
        found.append(money("hardware_residual", paid.residual, "assumed"))
    if paid.maintenance_per_month.amount:
        found.append(money("maintenance_per_month", paid.maintenance_per_month, "assumed"))
    if assumed.tax_fraction:
        found.append(fraction("tax_fraction", assumed.tax_fraction))
    return tuple(found)


def _worth_lines(case: BusinessCase) -> tuple[Ingredient, ...]:
    return (
        money("device_hours", case.value.device_hours, "calculated"),
        money("engineer_hours", case.value.engineer_hours, "calculated"),
        money("earlier_result", case.value.earlier_result, "calculated"),
    )


def _values(
    case: BusinessCase, today: TrainingComparison, assumed: Assumptions
) -> dict[Number, tuple[Ingredient, ...]]:
    """The three lines of what one training is worth, and their sum."""
    saved = hours("saved_h", today.training_h - case.training.training_h, "calculated")
    return {
        "device_hours": (
            money("cost_today", today.cost_today, "calculated"),
            money("cost_with_it", case.training.cost, "calculated"),
        ),
        "engineer_hours": (
            saved,
            fraction("attention_fraction", assumed.attention_fraction),
            fraction("realisation_fraction", assumed.realisation_fraction),
            assumed_money("engineer_rate_per_h", assumed.engineer_rate_per_h, assumed.currency),
        ),
        "earlier_result": (
            saved,
            assumed_money("cost_of_delay_per_day", assumed.cost_of_delay_per_day, assumed.currency),
        ),
        "worth_per_training": _worth_lines(case),
    }


def _of_line(
    line: InvestmentLine, today: TrainingComparison, background: Background
) -> Iterator[Ingredient]:
    """What one line of the investment is made of."""
    assumed = background.assumptions
    rate = assumed_money("engineer_rate_per_h", assumed.engineer_rate_per_h, assumed.currency)
    match line.key:
        case "pilot_devices":
            yield hours("pilot_device_h", background.pilot_device_h, "measured")
            yield money("pilot_rate", background.pilot_rate_per_device_h, "price")
        case "pilot_people":
            yield from (assumed_hours("pilot_engineer_h", assumed.pilot_engineer_h), rate)
        case "adoption":
            yield from (assumed_hours("adoption_engineer_h", assumed.adoption_engineer_h), rate)
        case "retuning" | "validation":
            name = f"{line.key}_trainings"
            yield assumed_number(name, getattr(assumed, name))
            yield money("cost_today", today.cost_today, "calculated")
        case _:
            yield money(line.key, line.cost, "assumed")


def _price(background: Background, price: Money) -> Ingredient:
    card = background.price
    return Ingredient(
        name="price_per_device_h",
        value=price.amount,
        unit="money",
        origin="assumed" if card.kind == "own" else "price",
        of=price.currency,
        source="" if card.kind == "own" else card.reference,
    )
