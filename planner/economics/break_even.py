"""Where the plan is worth nothing: trainings a month, time ratio, price of a device-hour.

Net present value is linear in each of the three, so two values of it give the answer.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from planner.economics.assumptions import Assumptions
from planner.economics.cashflow import npv
from planner.economics.investment import (
    Investment,
    TrainingComparison,
    TrainingValue,
    investment,
    monthly_flows,
    training_value,
)
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Values at which the net present value over the horizon is zero, all else as assumed.

    Attributes:
        trainings_per_month: Fewest trainings that pay; None when each training loses money.
        time_ratio: Largest share of today's time that still pays; None when no speed-up does.
        price_per_device_h: Price at which it tips; None when no price does.
        pays_above_price: Whether it pays at higher prices (device-hours are saved) or at lower
            ones; None when no price tips it.
    """

    trainings_per_month: float | None
    time_ratio: float | None
    price_per_device_h: Money | None
    pays_above_price: bool | None


def plan_npv(
    comparison: TrainingComparison,
    *,
    time_ratio: float,
    pilot_device_cost: Money,
    assumptions: Assumptions,
) -> Money:
    """Net present value of the plan, everything at its own value."""
    flows = monthly_flows(
        investment(comparison, pilot_device_cost=pilot_device_cost, assumptions=assumptions),
        training_value(comparison, time_ratio=time_ratio, assumptions=assumptions),
        assumptions,
    )
    return npv(flows, assumptions.discount_rate_per_year)


def break_even_time_ratio(
    comparison: TrainingComparison, *, pilot_device_cost: Money, assumptions: Assumptions
) -> float | None:
    """Largest share of today's time that still pays; known before any run."""
    line = _Line(
        lambda time_ratio: plan_npv(
            comparison,
            time_ratio=time_ratio,
            pilot_device_cost=pilot_device_cost,
            assumptions=assumptions,
        )
    )
    return line.positive_zero


def break_even(
    comparison: TrainingComparison,
    *,
    time_ratio: float,
    pilot_device_cost: Money,
    assumptions: Assumptions,
) -> BreakEven:
    """All three break-evens of a plan."""

    def worth(compared: TrainingComparison, assumed: Assumptions) -> Money:
        return plan_npv(
            compared,
            time_ratio=time_ratio,
            pilot_device_cost=pilot_device_cost,
            assumptions=assumed,
        )

    def priced(amount: float) -> TrainingComparison:
        price = Money(amount=amount, currency=assumptions.currency)
        return replace(comparison, price_per_device_h=price)

    by_trainings = _Line(
        lambda count: worth(comparison, replace(assumptions, trainings_per_month=count, ranges={}))
    )
    by_price = _Line(lambda amount: worth(priced(amount), assumptions))
    price = by_price.positive_zero
    return BreakEven(
        trainings_per_month=by_trainings.first_not_negative,
        time_ratio=break_even_time_ratio(
            comparison, pilot_device_cost=pilot_device_cost, assumptions=assumptions
        ),
        price_per_device_h=(
            None if price is None else Money(amount=price, currency=assumptions.currency)
        ),
        pays_above_price=None if price is None else by_price.slope > 0,
    )


def worth_needed_per_training(paid: Investment, assumptions: Assumptions) -> float | None:
    """What each training must be worth for a net present value of zero, in the currency.

    None where no training would use the schedule within the horizon.
    """
    nothing = Money(amount=0.0, currency=assumptions.currency)
    one = Money(amount=1.0, currency=assumptions.currency)

    def worth(each: Money) -> Money:
        value = TrainingValue(device_hours=each, engineer_hours=nothing, earlier_result=nothing)
        flows = monthly_flows(paid, value, assumptions)
        return npv(flows, assumptions.discount_rate_per_year)

    missing = -worth(nothing).amount
    from_one = worth(one).amount + missing
    return missing / from_one if from_one > 0 else None


class _Line:
    """A straight line, known from its values at 0 and 1."""

    def __init__(self, worth: Callable[[float], Money]) -> None:
        self.at_zero = worth(0.0).amount
        self.slope = worth(1.0).amount - self.at_zero

    @property
    def positive_zero(self) -> float | None:
        """Positive argument at which it is zero; None when there is none."""
        if self.slope == 0 or self.at_zero * self.slope >= 0:
            return None
        zero = -self.at_zero / self.slope
        return zero if math.isfinite(zero) else None

    @property
    def first_not_negative(self) -> float | None:
        """Smallest argument from which a line that rises is not negative; None if it falls."""
        if self.slope <= 0:
            return None
        return 0.0 if self.at_zero >= 0 else self.positive_zero
