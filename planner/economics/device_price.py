"""A training on the hardware that the team assumes: spot devices take longer, owned ones cost less.

What a rate card says is a rent for an hour that nothing interrupts. Interruptions make a training
longer, and so dearer; ownership replaces the rent by what an hour of an owned device is worth.
"""

from dataclasses import replace

from planner.economics.assumptions import Assumptions
from planner.economics.cost import spot_factor
from planner.economics.investment import TrainingComparison
from planner.economics.ownership import (
    Ownership,
    energy_per_device_h,
    owned_rate_per_device_h,
    worth_of_saved_device_h,
)
from planner.economics.rates import RateKind
from planner.money import Money, exchange

INTERRUPTED_KINDS: tuple[RateKind, ...] = ("spot", "own")
"""Rates at which devices may be taken away; an own price is for whatever the team says it is."""


def on_assumed_hardware(
    comparison: TrainingComparison, assumptions: Assumptions, *, kind: RateKind
) -> TrainingComparison:
    """The training with the assumed interruptions and ownership.

    Args:
        comparison: Hours without interruptions, at the rate card's price.
        assumptions: Holds both.
        kind: How the devices are paid for.
    """
    interrupted = kind in INTERRUPTED_KINDS
    changed = _interrupted(comparison, assumptions) if interrupted else comparison
    return _owned(changed, assumptions.ownership, assumptions) if assumptions.ownership else changed


def _interrupted(comparison: TrainingComparison, assumptions: Assumptions) -> TrainingComparison:
    def factor(device_count: float) -> float:
        return spot_factor(
            interruptions_per_device_h=assumptions.interruptions_per_device_h,
            device_count=device_count,
            checkpoint_interval_h=assumptions.checkpoint_interval_h,
            restart_h=assumptions.restart_h,
        )

    today = factor(comparison.device_count)
    return replace(
        comparison,
        training_h=comparison.training_h * today,
        candidate_delay_factor=factor(comparison.candidate_device_count) / today,
    )


def _owned(
    comparison: TrainingComparison, ownership: Ownership, assumptions: Assumptions
) -> TrainingComparison:
    def here(price: Money) -> Money:
        return exchange(price, assumptions.currency, assumptions.exchange_rates)

    device = ownership.device
    if ownership.case == "compare":
        return replace(comparison, price_per_device_h=here(owned_rate_per_device_h(device)))
    if ownership.case == "already_bought":
        worth = worth_of_saved_device_h(device, reuse_fraction=ownership.reuse_fraction)
        return replace(comparison, price_per_device_h=here(worth))
    return replace(comparison, candidate_price_per_device_h=here(energy_per_device_h(device)))
