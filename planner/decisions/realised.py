"""What production made of a promise: its results laid over the promised curve."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from planner.chart import Axis, Chart, Series
from planner.decisions.gate import CriterionKey
from planner.decisions.production_result import ProductionResult
from planner.decisions.promise import Promise
from planner.economics.cashflow import ZERO_FRACTION
from planner.money import Money, require_money_in
from planner.refusal import require

DAYS_PER_MONTH = 365.25 / 12

Event = tuple[float, float]
"""Months since the sign-off, and the amount that came or went then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Realised:
    """Results so far against the promise, after tax.

    Trainings under the baseline save nothing: they are counted apart, and show whether a training
    of today takes as long as the promise assumes.

    Attributes:
        trainings: Results under the candidate.
        reached: Of these, the ones that reached the target.
        value: What they saved against trainings under the baseline.
        promised_value: What as many trainings were promised to save.
        realised_fraction: Their quotient; None without results, or where nothing was promised.
        beside: What came and went in the months that are over however many trainings there were.
        total: Saved so far, with that, less the outlay.
        payback_months: From the sign-off to the first event after which the running total stays at
            or above zero; None as long as it is below.
        baseline_trainings: Results under the baseline.
        baseline_training_h: Mean hours of those that reached the target; None without any.
    """

    trainings: int
    reached: int
    value: Money
    promised_value: Money
    realised_fraction: float | None
    beside: Money
    total: Money
    payback_months: float | None
    baseline_trainings: int = 0
    baseline_training_h: float | None = None


def realised(
    promise: Promise, results: Sequence[ProductionResult], *, signed_on: str, today: str
) -> Realised:
    """Results so far, each from the day on which its training ended, and what flows beside them.

    Upkeep, tax saved and residual come as they were promised: at the end of each month.
    """
    currency = promise.cumulative.currency
    baseline = [result for result in results if result.role == "baseline"]
    results = under_candidate(results)
    worth = [value_of(promise, result).amount for result in results]
    value = Money(amount=math.fsum(worth), currency=currency)
    passed = _beside(promise, signed_on=signed_on, today=today)
    beside = Money(amount=math.fsum(amount for _, amount in passed), currency=currency)
    promised = promise.value_per_training * len(results)
    return Realised(
        trainings=len(results),
        reached=sum(result.reached for result in results),
        value=value,
        promised_value=promised,
        realised_fraction=value.amount / promised.amount if promised.amount > 0 else None,
        beside=beside,
        total=value + beside - promise.outlay,
        payback_months=_payback(_events(promise, results, signed_on=signed_on, today=today)),
        baseline_trainings=len(baseline),
        baseline_training_h=_mean([one.training_h for one in baseline if one.reached]),
    )


def under_candidate(results: Sequence[ProductionResult]) -> list[ProductionResult]:
    """Those that the promise is about."""
    return [result for result in results if result.role == "candidate"]


def value_of(promise: Promise, result: ProductionResult) -> Money:
    """What one production training saved against one under the baseline.

    One that missed the target replaces no training of the baseline: it only cost its devices.
    """
    cost = result.cost
    if cost is None:
        cost = promise.price_per_device_h * (result.device_h or 0.0)
    if not result.reached:
        return -cost * promise.kept_fraction
    saved_h = promise.today_h - result.training_h
    saved = promise.today_cost - cost + promise.worth_per_saved_hour * saved_h
    return saved * promise.kept_fraction


def check_result(promise: Promise, result: ProductionResult, *, signed_on: str, today: str) -> None:
    """Refuses a result from before the sign-off or after today, or in another currency."""
    require(result.day >= signed_on, "day", "before_sign_off", day=signed_on)
    require(months_since(today, result.day) <= 1 / DAYS_PER_MONTH, "day", "in_the_future")
    if result.cost is not None:
        require_money_in(promise.cumulative.currency, result.cost, "cost")


def facts_of(found: Realised) -> dict[CriterionKey, float | None]:
    """What the gate to full use looks at."""
    reached = found.reached / found.trainings if found.trainings else None
    return {
        "trainings": float(found.trainings),
        "reached_fraction": reached,
        "realised_fraction": found.realised_fraction,
    }


def realised_chart(
    promise: Promise, results: Sequence[ProductionResult], *, signed_on: str, today: str
) -> Chart:
    """The promised running total with its band, and the realised one event by event."""
    band = promise.cumulative
    events = _events(promise, under_candidate(results), signed_on=signed_on, today=today)
    series = [
        Series(
            name="promised",
            role="baseline",
            x=tuple(float(month) for month in range(len(band.mid))),
            y=band.mid,
            low=band.low,
            high=band.high,
        ),
        Series(
            name="realised",
            role="candidate",
            x=tuple(month for month, _ in events),
            y=tuple(accumulate(amount for _, amount in events)),
        ),
    ]
    return Chart(
        key="realised",
        x=Axis(label="months"),
        y=Axis(label="cumulative_net_benefit", unit=band.currency),
        series=tuple(series),
    )


def months_since(first_day: str, day: str) -> float:
    """Months of 30.44 days between two ISO dates."""
    return (date.fromisoformat(day) - date.fromisoformat(first_day)).days / DAYS_PER_MONTH


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _events(
    promise: Promise, results: Sequence[ProductionResult], *, signed_on: str, today: str
) -> list[Event]:
    """The outlay, then every result and every flow beside them that is not zero, in time."""
    worth = [
        (months_since(signed_on, result.day), value_of(promise, result).amount)
        for result in results
    ]
    passed = _beside(promise, signed_on=signed_on, today=today)
    return [(0.0, -promise.outlay.amount), *sorted((*worth, *passed), key=lambda event: event[0])]


def _beside(promise: Promise, *, signed_on: str, today: str) -> list[Event]:
    """What flowed beside the trainings in the months that are over."""
    amounts = promise.beside.amounts if promise.beside else ()
    over = math.floor(months_since(signed_on, today))
    return [
        (float(month), amounts[month])
        for month in range(1, len(amounts))
        if month <= over and amounts[month]
    ]


def _payback(events: Sequence[Event]) -> float | None:
    """As in `planner.economics.cashflow`: what only rounding made negative is not below zero."""
    totals = accumulate(amount for _, amount in events)
    moved = accumulate(abs(amount) for _, amount in events)
    below = [
        place
        for place, (total, all_moved) in enumerate(zip(totals, moved, strict=True))
        if total < -ZERO_FRACTION * all_moved
    ]
    first_above = below[-1] + 1 if below else 0
    return events[first_above][0] if first_above < len(events) else None
