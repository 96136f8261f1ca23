"""A business case: what one candidate costs, saves and risks on the review's hardware."""

from dataclasses import dataclass

import numpy as np

from planner.economics.assumptions import Assumptions
from planner.economics.break_even import BreakEven, break_even
from planner.economics.cashflow import (
    CashFlows,
    Irr,
    Payback,
    discounted_payback,
    irr,
    npv,
    payback,
    roi,
)
from planner.economics.investment import (
    Investment,
    TrainingComparison,
    TrainingValue,
    investment,
    monthly_flows,
    training_value,
)
from planner.economics.propagation import Propagation
from planner.economics.speed_up import SpeedUp
from planner.economics.uncertainty import BAND, propagate
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFacts:
    """One training on the review's hardware.

    Attributes:
        training_h: Hours of one training.
        device_h: Device-hours it is billed for.
        cost: Device-hours at the review's price.
        evaluation_h: Hours of its evaluations, which are among ``training_h``; None where they are
            part of an overhead that nobody took apart.
    """

    training_h: float
    device_h: float
    cost: Money
    evaluation_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCase:
    """Everything at its own value, and the propagation of what is uncertain.

    Attributes:
        time_ratio: Ratio of mean times on the review's hardware, candidate over today.
        time_ratio_low: P10 of what the seeds leave open, of the frozen rate of today included.
        time_ratio_high: P90.
        training: One training under the candidate.
        investment: Paid once, line by line.
        value: Saved by each training, in three amounts that are never mixed.
        flows: By month; month 0 is the investment.
        npv: Net present value of the flows.
        payback: Simple payback of the flows.
        discounted_payback: Payback of the discounted flows.
        irr: Internal rates of return.
        roi_fraction: Sum of the flows over the investment; None without one.
        break_even: Where the net present value is zero.
        propagation: Bands, odds, tornado and scenarios.
    """

    time_ratio: float
    time_ratio_low: float
    time_ratio_high: float
    training: TrainingFacts
    investment: Investment
    value: TrainingValue
    flows: CashFlows
    npv: Money
    payback: Payback
    discounted_payback: Payback
    irr: Irr
    roi_fraction: float | None
    break_even: BreakEven
    propagation: Propagation


def training_facts_today(comparison: TrainingComparison) -> TrainingFacts:
    """Today's training."""
    return TrainingFacts(
        training_h=comparison.training_h,
        device_h=comparison.training_h * comparison.device_count,
        cost=comparison.cost_today,
    )


def business_case(
    comparison: TrainingComparison,
    *,
    speed_up: SpeedUp,
    pilot_device_cost: Money,
    assumptions: Assumptions,
    transferred: bool,
) -> BusinessCase:
    """The case of one candidate.

    Args:
        comparison: One training today, and on what the candidate's is billed.
        speed_up: Time ratio on the review's hardware with what its seeds leave open.
        pilot_device_cost: Device cost of all the pilot's runs, in the review's currency.
        assumptions: What was not measured.
        transferred: Whether the ratio was carried from the pilot to another training.
    """
    ratio = speed_up.time_ratio
    paid = investment(comparison, pilot_device_cost=pilot_device_cost, assumptions=assumptions)
    value = training_value(comparison, time_ratio=ratio, assumptions=assumptions)
    flows = monthly_flows(paid, value, assumptions)
    propagation = propagate(
        comparison,
        speed_up=speed_up,
        pilot_device_cost=pilot_device_cost,
        assumptions=assumptions,
        transferred=transferred,
    )
    low, high = np.quantile(speed_up.draws(), (BAND[0], BAND[-1]))
    return BusinessCase(
        time_ratio=ratio,
        time_ratio_low=float(low),
        time_ratio_high=float(high),
        training=training_facts(comparison, ratio),
        investment=paid,
        value=value,
        flows=flows,
        npv=npv(flows, assumptions.discount_rate_per_year),
        payback=payback(flows),
        discounted_payback=discounted_payback(flows, assumptions.discount_rate_per_year),
        irr=irr(flows),
        roi_fraction=roi(flows),
        break_even=break_even(
            comparison,
            time_ratio=ratio,
            pilot_device_cost=pilot_device_cost,
            assumptions=assumptions,
        ),
        propagation=propagation,
    )


def training_facts(comparison: TrainingComparison, ratio: float) -> TrainingFacts:
    """The candidate's training at a time ratio."""
    hours = float(comparison.candidate_h(ratio))
    return TrainingFacts(
        training_h=hours,
        device_h=hours * comparison.candidate_device_count,
        cost=comparison.candidate_cost(ratio),
    )
