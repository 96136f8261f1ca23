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
from planner.money import Money, require_money_in
from planner.refusal import require

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Realised:
    """Results so far against the promise, after tax.

    Attributes:
        trainings: Results that were entered.
        reached: Of these, the ones that reached the target.
        value: What they saved against trainings under the baseline.
        promised_value: What as many trainings were promised to save.
        realised_fraction: Their quotient; None without results, or where nothing was promised.
        total: Saved so far less the outlay.
        payback_months: From the sign-off to the first result after which the running total stays
            at or above zero; None as long as it is below.
    """

    trainings: int
    reached: int
    value: Money
    promised_value: Money
    realised_fraction: float | None
    total: Money
    payback_months: float | None


def realised(promise: Promise, results: Sequence[ProductionResult], *, signed_on: str) -> Realised:
    """Results so far; each counts from the day on which its training ended."""
    ordered = sorted(results, key=lambda result: result.day)
    worth = [value_of(promise, result).amount for result in ordered]
    value = Money(amount=math.fsum(worth), currency=promise.cumulative.currency)
    promised = promise.value_per_training * len(ordered)
    return Realised(
        trainings=len(ordered),
        reached=sum(result.reached for result in ordered),
        value=value,
        promised_value=promised,
        realised_fraction=value.amount / promised.amount if promised.amount > 0 else None,
        total=value - promise.outlay,
        payback_months=_payback(promise, ordered, worth, signed_on),
    )


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
    promise: Promise, results: Sequence[ProductionResult], *, signed_on: str
) -> Chart:
    """The promised running total with its band, and the realised one result by result."""
    band = promise.cumulative
    ordered = sorted(results, key=lambda result: result.day)
    totals = accumulate(
        (value_of(promise, result).amount for result in ordered), initial=-promise.outlay.amount
    )
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
            x=(0.0, *(months_since(signed_on, result.day) for result in ordered)),
            y=tuple(totals),
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


def _payback(
    promise: Promise, ordered: Sequence[ProductionResult], worth: Sequence[float], signed_on: str
) -> float | None:
    totals = list(accumulate(worth, initial=-promise.outlay.amount))
    below = [place for place, total in enumerate(totals) if total < 0]
    if not below:
        return 0.0
    first_above = below[-1] + 1
    if first_above == len(totals):
        return None
    return months_since(signed_on, ordered[first_above - 1].day)
