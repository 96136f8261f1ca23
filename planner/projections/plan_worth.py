"""What a plan of devices is worth against today's."""

from dataclasses import dataclass

from planner.economics.assumptions import Assumptions
from planner.economics.cashflow import npv
from planner.economics.investment import (
    Investment,
    InvestmentLine,
    TrainingValue,
    monthly_flows,
    worth_per_hour_saved,
)
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWorth:
    """NPV of any plan: the value of each training over the horizon, and what is paid for it.

    Attributes:
        currency: Of all amounts.
        today_h: Hours of one training today.
        today_cost: What it costs.
        worth_per_hour: Of one hour that a training is shorter, devices apart.
        hardware_npv: Of the hardware that is bought for it, without any training.
        present_trainings: Number of trainings, each at its present worth.
    """

    currency: str
    today_h: float
    today_cost: Money
    worth_per_hour: Money
    hardware_npv: Money
    present_trainings: float

    def of(self, *, training_h: float, cost: Money) -> Money:
        """NPV of replacing today's training by one of these hours and this cost."""
        saved = self.today_cost - cost + self.worth_per_hour * (self.today_h - training_h)
        return self.hardware_npv + saved * self.present_trainings


def plan_worth(today_h: float, today_cost: Money, assumptions: Assumptions) -> PlanWorth:
    """What every plan is worth; affine in the value of one training, as the cash flows are.

    Each hardware has its own price here: what the assumptions say of owned devices and of spot
    interruptions is about the review's hardware and is left out.
    """
    nothing = _npv_at(0.0, assumptions)
    return PlanWorth(
        currency=assumptions.currency,
        today_h=today_h,
        today_cost=today_cost,
        worth_per_hour=Money(
            amount=worth_per_hour_saved(assumptions), currency=assumptions.currency
        ),
        hardware_npv=nothing,
        present_trainings=(_npv_at(1.0, assumptions) - nothing).amount,
    )


def _npv_at(value_per_training: float, assumptions: Assumptions) -> Money:
    """NPV where each training is worth so much and the hardware is all that is paid."""
    none = Money(amount=0.0, currency=assumptions.currency)
    value = TrainingValue(
        device_hours=Money(amount=value_per_training, currency=assumptions.currency),
        engineer_hours=none,
        earlier_result=none,
    )
    outlay = Money(amount=assumptions.hardware_outlay, currency=assumptions.currency)
    line = InvestmentLine(key="hardware", cost=outlay, sunk=False, counted=True)
    residual = Money(amount=assumptions.hardware_residual, currency=assumptions.currency)
    paid = Investment(lines=(line,), residual=residual, maintenance_per_month=none)
    flows = monthly_flows(paid, value, assumptions)
    return npv(flows, assumptions.discount_rate_per_year)
