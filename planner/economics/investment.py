"""What a change of schedule costs once, what each training then saves, and the flows of both."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_not_negative, check_positive
from planner.economics.assumptions import LIMITS, Assumptions
from planner.economics.bought import BoughtHardware, tax_saved_by_month
from planner.economics.cashflow import CashFlows
from planner.money import Money, require_money_in
from planner.refusal import require

Amount = float | NDArray[np.float64]
"""One value, or one for every draw of the uncertainty."""

HOURS_PER_DAY = 24.0

PILOT_LINES = ("pilot_devices", "pilot_people")
"""Lines of the investment that are spent when the decision is taken."""

HARDWARE_LINE = "hardware"
"""The line that is written off over years instead of at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingComparison:
    """One training today, and how the same training is paid for under the candidate.

    Attributes:
        training_h: Hours of one training today.
        device_count: Devices that today's training is billed for.
        candidate_device_count: Devices that the candidate's training is billed for, averaged
            over its time; not whole where devices are elastic.
        overhead_fraction: Share of today's hours that no schedule changes.
        price_per_device_h: Price of one device-hour in the review's currency.
        candidate_price_per_device_h: Where the candidate's devices cost something else; None: the
            same.
        candidate_delay_factor: How much more than today's interruptions lengthen the candidate's
            training; 1 on as many devices.
        bought: Devices that the plan buys for the candidate; None: it rents, or has them already.
    """

    training_h: float
    device_count: float
    candidate_device_count: float
    overhead_fraction: float
    price_per_device_h: Money
    candidate_price_per_device_h: Money | None = None
    candidate_delay_factor: float = 1.0
    bought: BoughtHardware | None = None

    def __post_init__(self) -> None:
        check_positive(self.training_h, "training_h")
        check_positive(self.device_count, "device_count")
        check_positive(self.candidate_device_count, "candidate_device_count")
        overhead = self.overhead_fraction
        require(0 <= overhead < 1, "overhead_fraction", "out_of_range", low=0, high=1)
        check_not_negative(self.price_per_device_h.amount, "price_per_device_h")
        check_positive(self.candidate_delay_factor, "candidate_delay_factor")
        other = self.candidate_price_per_device_h
        if other is not None:
            check_not_negative(other.amount, "candidate_price_per_device_h")
            require_money_in(
                self.price_per_device_h.currency, other, "candidate_price_per_device_h"
            )

    @property
    def candidate_price(self) -> Money:
        """Price of one device-hour under the candidate."""
        return self.candidate_price_per_device_h or self.price_per_device_h

    @property
    def cost_today(self) -> Money:
        """Device cost of one training today."""
        return self.price_per_device_h * (self.device_count * self.training_h)

    def candidate_h(self, time_ratio: Amount) -> Amount:
        """Hours of one training under the candidate: ``T (1-o) ratio + T o``, and its delay."""
        overhead = self.overhead_fraction
        hours = self.training_h * ((1 - overhead) * time_ratio + overhead)
        return hours * self.candidate_delay_factor

    def candidate_cost(self, time_ratio: float) -> Money:
        """Device cost of one training under the candidate."""
        hours = float(self.candidate_h(time_ratio))
        return self.candidate_price * (self.candidate_device_count * hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentLine:
    """One line of the investment.

    Attributes:
        key: What it is for; names the line in every language.
        cost: Positive.
        sunk: Whether it is spent whatever is decided.
        counted: Whether it is part of the outlay in month 0.
    """

    key: str
    cost: Money
    sunk: bool
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """Everything that is paid once, line by line, in the review's currency, and what it brings.

    Attributes:
        lines: Paid in month 0.
        residual: Received for the hardware at the horizon.
        maintenance_per_month: Paid for it from month 1 to the horizon.
    """

    lines: tuple[InvestmentLine, ...]
    residual: Money
    maintenance_per_month: Money

    @property
    def counted(self) -> Money:
        """Outlay in month 0: the sum of the lines that count."""
        amounts = [line.cost.amount for line in self.lines if line.counted]
        return Money(amount=math.fsum(amounts), currency=self.residual.currency)

    @property
    def hardware(self) -> Money:
        """The part that is written off over years."""
        amounts = [line.cost.amount for line in self.lines if line.key == HARDWARE_LINE]
        return Money(amount=math.fsum(amounts), currency=self.residual.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingValue:
    """What one training under the candidate is worth; three amounts that are shown apart.

    Attributes:
        device_hours: Device-hours saved at their price; negative when more are used.
        engineer_hours: Engineer-hours freed, as far as they turn into money.
        earlier_result: Days earlier at the cost of delay.
    """

    device_hours: Money
    engineer_hours: Money
    earlier_result: Money

    @property
    def total(self) -> Money:
        """Sum of the three."""
        return self.device_hours + self.engineer_hours + self.earlier_result


def investment(
    comparison: TrainingComparison, *, pilot_device_cost: Money, assumptions: Assumptions
) -> Investment:
    """The lines of the investment; ``pilot_device_cost`` covers all runs, the sweep included."""
    require_money_in(assumptions.currency, comparison.price_per_device_h, "price_per_device_h")
    require_money_in(assumptions.currency, pilot_device_cost, "pilot_device_cost")
    nothing = Money(amount=0.0, currency=assumptions.currency)
    bought = comparison.bought
    costs = investment_costs(
        comparison,
        pilot_device_cost=pilot_device_cost.amount,
        inputs=base_inputs(assumptions),
    )
    assumed_residual = Money(amount=assumptions.hardware_residual, currency=assumptions.currency)
    return Investment(
        residual=assumed_residual + (bought.residual if bought else nothing),
        maintenance_per_month=bought.maintenance_per_month if bought else nothing,
        lines=tuple(
            InvestmentLine(
                key=key,
                cost=Money(amount=float(cost), currency=assumptions.currency),
                sunk=key in PILOT_LINES,
                counted=assumptions.count_sunk_pilot_cost or key not in PILOT_LINES,
            )
            for key, cost in costs.items()
        ),
    )


def training_value(
    comparison: TrainingComparison, *, time_ratio: float, assumptions: Assumptions
) -> TrainingValue:
    """Worth of one training when the candidate takes ``time_ratio`` of today's time."""
    require_money_in(assumptions.currency, comparison.price_per_device_h, "price_per_device_h")
    check_not_negative(time_ratio, "time_ratio")
    worth = value_amounts(comparison, time_ratio=time_ratio, inputs=base_inputs(assumptions))
    return TrainingValue(
        **{key: Money(amount=float(a), currency=assumptions.currency) for key, a in worth.items()}
    )


def monthly_flows(
    investment: Investment, value_per_training: TrainingValue, assumptions: Assumptions
) -> CashFlows:
    """Outlay in month 0, then the value of each month's trainings; residual at the horizon.

    With a tax, everything but hardware lowers or raises profit when it is paid; hardware does so
    as it is written off. A loss saves tax on other profit of the same month.
    """
    kept = 1 - assumptions.tax_fraction
    full_month = assumptions.trainings_per_month * value_per_training.total.amount
    beside = flows_beside_trainings(investment, assumptions)
    monthly = kept * full_month * ramp_fractions(assumptions) + beside.amounts[1:]
    hardware = investment.hardware.amount
    outlay = hardware + kept * (investment.counted.amount - hardware)
    return CashFlows(currency=assumptions.currency, amounts=(-outlay, *monthly.tolist()))


def flows_beside_trainings(investment: Investment, assumptions: Assumptions) -> CashFlows:
    """What comes and goes after the outlay however many trainings there are, after tax.

    Upkeep every month, the tax that writing off saves, and the residual at the horizon.
    """
    monthly = np.full(assumptions.horizon_months, -investment.maintenance_per_month.amount)
    monthly[-1] += investment.residual.amount
    kept = (1 - assumptions.tax_fraction) * monthly
    kept += tax_saved_by_month(investment.hardware, assumptions)
    return CashFlows(currency=assumptions.currency, amounts=(0.0, *kept.tolist()))


def worth_per_hour_saved(assumptions: Assumptions) -> float:
    """Worth of one hour that a training is shorter, devices apart, in the currency."""
    freed = assumptions.attention_fraction * assumptions.realisation_fraction
    people = freed * assumptions.engineer_rate_per_h
    return people + assumptions.cost_of_delay_per_day / HOURS_PER_DAY


def ramp_fractions(assumptions: Assumptions) -> NDArray[np.float64]:
    """Share of the full number of trainings in each of the months 1 to the horizon."""
    months = np.arange(1, assumptions.horizon_months + 1, dtype=np.float64)
    return np.minimum(1.0, months / max(1, assumptions.ramp_months))


def base_inputs(assumptions: Assumptions) -> dict[str, Amount]:
    """Every assumption that may be uncertain, at its own value."""
    return {name: float(getattr(assumptions, name)) for name in LIMITS}


def investment_costs(
    comparison: TrainingComparison,
    *,
    pilot_device_cost: float,
    inputs: Mapping[str, Amount],
) -> dict[str, Amount]:
    """Cost of every investment line by key, for values or draws of the assumptions."""
    today = comparison.cost_today.amount
    rate = inputs["engineer_rate_per_h"]
    bought_outlay = comparison.bought.outlay.amount if comparison.bought else 0.0
    return {
        "pilot_devices": pilot_device_cost,
        "pilot_people": inputs["pilot_engineer_h"] * rate,
        "adoption": inputs["adoption_engineer_h"] * rate,
        "retuning": inputs["retuning_trainings"] * today,
        "validation": inputs["validation_trainings"] * today,
        "hardware": inputs["hardware_outlay"] + bought_outlay,
        "commitment_shortfall": inputs["commitment_shortfall"],
    }


def value_amounts(
    comparison: TrainingComparison, *, time_ratio: Amount, inputs: Mapping[str, Amount]
) -> dict[str, Amount]:
    """The fields of TrainingValue, for values or draws of the assumptions."""
    candidate_h = comparison.candidate_h(time_ratio)
    saved_h = comparison.training_h - candidate_h
    saved_cost = (
        comparison.cost_today.amount
        - comparison.candidate_price.amount * comparison.candidate_device_count * candidate_h
    )
    freed_h = saved_h * inputs["attention_fraction"] * inputs["realisation_fraction"]
    return {
        "device_hours": saved_cost,
        "engineer_hours": freed_h * inputs["engineer_rate_per_h"],
        "earlier_result": saved_h / HOURS_PER_DAY * inputs["cost_of_delay_per_day"],
    }
