"""From uncertain inputs to the odds of a plan: bands of NPV and payback, and what drives them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.economics.assumptions import Assumptions
from planner.economics.distributions import (
    DRAWS,
    normal_draws,
    pert_draws,
    pert_quantile,
)
from planner.economics.investment import Amount, TrainingComparison, base_inputs
from planner.economics.outcome import Outcome, Plan
from planner.economics.propagation import (
    CumulativeBand,
    NpvBand,
    Odds,
    PaybackBand,
    Propagation,
    Scenarios,
    TornadoBar,
)
from planner.economics.speed_up import SpeedUp
from planner.money import Money, require_money_in

BAND = (0.1, 0.5, 0.9)
"""Probabilities of the low, middle and high end of every band."""

_NORMAL_P90 = 1.2815515655446004
_CHART_DRAWS = 2048


def propagate(
    comparison: TrainingComparison,
    *,
    speed_up: SpeedUp,
    pilot_device_cost: Money,
    assumptions: Assumptions,
    transferred: bool,
) -> Propagation:
    """Carries every uncertain input to NPV and payback.

    Args:
        comparison: One training today and under the candidate.
        speed_up: The measured time ratio, with what its seeds leave open.
        pilot_device_cost: Device cost of all the pilot's runs, in the review's currency.
        assumptions: Each is fixed, or PERT between the ends of its range.
        transferred: Whether the ratio was carried from a pilot to another training, which adds
            a lognormal factor of `transfer_sd`.
    """
    require_money_in(assumptions.currency, comparison.price_per_device_h, "price_per_device_h")
    require_money_in(assumptions.currency, pilot_device_cost, "pilot_device_cost")
    plan = Plan(
        comparison=comparison,
        pilot_device_cost=pilot_device_cost.amount,
        assumptions=assumptions,
    )
    ratios = speed_up.draws()
    transfer: Amount = 1.0
    if transferred:
        transfer = np.exp(assumptions.transfer_sd * normal_draws("transfer"))
    inputs = base_inputs(assumptions)
    frozen = speed_up.draws_at_frozen_rates() if speed_up.rivals else ratios
    by_seeds = plan.outcome(frozen, inputs).npv()
    inputs |= _draws_of_ranges(assumptions)
    outcome = plan.outcome(ratios * transfer, inputs)
    known = plan.outcome(speed_up.time_ratio * transfer, inputs)
    at_frozen = after_all = None
    if speed_up.rivals:
        at_frozen = _odds_of(plan.outcome(frozen * transfer, inputs), assumptions)
        settled = speed_up.draws_after_all_seeds() * transfer
        after_all = _odds_of(plan.outcome(settled, inputs), assumptions)
    levers = _levers(ratios, assumptions, transferred=transferred)
    tornado = _tornado(plan, speed_up, levers)
    npvs, months = outcome.npv(), outcome.payback_months()
    return Propagation(
        npv=_npv_band(npvs, assumptions.currency),
        payback=_payback_band(months),
        odds=_odds(npvs, months, assumptions),
        odds_known_speed_up=_odds_of(known, assumptions),
        cumulative=_cumulative_band(outcome, assumptions.currency),
        tornado=tornado,
        scenarios=_scenarios(plan, speed_up, tornado),
        npv_seed_sd=Money(amount=float(np.std(by_seeds)), currency=assumptions.currency),
        odds_at_frozen_rates=at_frozen,
        odds_after_all_seeds=after_all,
    )


def _draws_of_ranges(assumptions: Assumptions) -> dict[str, NDArray[np.float64]]:
    """One value for every draw of each uncertain assumption."""
    joined = assumptions.correlations
    return {
        name: pert_draws(
            name,
            mode=getattr(assumptions, name),
            ends=ends,
            correlations=joined if joined and name in joined.names else None,
        )
        for name, ends in assumptions.ranges.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lever:
    """An uncertain input with its P10 and P90."""

    name: str
    low_value: float
    high_value: float
    measured: bool = False


def _levers(
    ratios: NDArray[np.float64], assumptions: Assumptions, *, transferred: bool
) -> list[_Lever]:
    low, _, high = _band(ratios).tolist()
    levers = [_Lever(name="speed_up", low_value=low, high_value=high, measured=True)]
    if transferred:
        spread = math.exp(_NORMAL_P90 * assumptions.transfer_sd)
        levers.append(_Lever(name="transfer", low_value=1 / spread, high_value=spread))
    for name, ends in assumptions.ranges.items():
        mode = getattr(assumptions, name)
        low, high = (pert_quantile(p, mode=mode, ends=ends) for p in (BAND[0], BAND[-1]))
        levers.append(_Lever(name=name, low_value=low, high_value=high))
    return [lever for lever in levers if lever.low_value < lever.high_value]


def _npv_at(plan: Plan, speed_up: SpeedUp, moved: dict[str, float]) -> Money:
    """Worth with some inputs moved by name and all others at base."""
    ratio = moved.get("speed_up", speed_up.time_ratio) * moved.get("transfer", 1.0)
    inputs = base_inputs(plan.assumptions)
    inputs |= {name: value for name, value in moved.items() if name in inputs}
    worth = float(plan.outcome(ratio, inputs).npv())
    return Money(amount=worth, currency=plan.assumptions.currency)


def _tornado(plan: Plan, speed_up: SpeedUp, levers: list[_Lever]) -> tuple[TornadoBar, ...]:
    bars = [
        TornadoBar(
            name=lever.name,
            low_value=lever.low_value,
            high_value=lever.high_value,
            npv_at_low=_npv_at(plan, speed_up, {lever.name: lever.low_value}),
            npv_at_high=_npv_at(plan, speed_up, {lever.name: lever.high_value}),
            measured=lever.measured,
        )
        for lever in levers
    ]
    return tuple(sorted(bars, key=lambda bar: -bar.swing.amount))


def _scenarios(plan: Plan, speed_up: SpeedUp, tornado: tuple[TornadoBar, ...]) -> Scenarios:
    """Worse and better ends are found for one input at a time, then all are moved together."""
    worse, better = {}, {}
    for bar in tornado:
        rises = bar.npv_at_high.amount > bar.npv_at_low.amount
        ends = (bar.low_value, bar.high_value) if rises else (bar.high_value, bar.low_value)
        worse[bar.name], better[bar.name] = ends
    return Scenarios(
        pessimistic=_npv_at(plan, speed_up, worse),
        base=_npv_at(plan, speed_up, {}),
        optimistic=_npv_at(plan, speed_up, better),
    )


def _odds_of(outcome: Outcome, assumptions: Assumptions) -> Odds:
    return _odds(outcome.npv(), outcome.payback_months(), assumptions)


def _odds(npvs: Amount, months: NDArray[np.float64], assumptions: Assumptions) -> Odds:
    positive = float(np.mean(np.asarray(npvs) > 0))
    in_time = float(np.mean(months <= assumptions.payback_limit_months))
    return Odds(
        npv_positive=positive,
        payback_in_time=in_time,
        npv_positive_se=math.sqrt(positive * (1 - positive) / DRAWS),
        payback_in_time_se=math.sqrt(in_time * (1 - in_time) / DRAWS),
    )


def _npv_band(npvs: Amount, currency: str) -> NpvBand:
    low, mid, high = (Money(amount=float(q), currency=currency) for q in _band(np.asarray(npvs)))
    return NpvBand(
        low=low, mid=mid, high=high, mean=Money(amount=float(np.mean(npvs)), currency=currency)
    )


def _payback_band(months: NDArray[np.float64]) -> PaybackBand:
    low, mid, high = (None if math.isinf(q) else float(q) for q in _band(months))
    return PaybackBand(low_months=low, mid_months=mid, high_months=high)


def _cumulative_band(outcome: Outcome, currency: str) -> CumulativeBand:
    """From the first 2,048 points, a balanced set of their own: a chart needs no more."""
    low, mid, high = _band(outcome.cumulative(_CHART_DRAWS))
    return CumulativeBand(
        currency=currency,
        low=tuple(low.tolist()),
        mid=tuple(mid.tolist()),
        high=tuple(high.tolist()),
    )


def _band(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """P10, P50 and P90 along the last axis, each one of the draws; shape (3, ...)."""
    count = draws.shape[-1]
    ranks = [round(p * (count - 1)) for p in BAND]
    return np.moveaxis(np.partition(draws, ranks, axis=-1)[..., ranks], -1, 0)
