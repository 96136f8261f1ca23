"""A training on a rate card's terms: spot devices take longer, owned ones are no rent.

The rent of a rate card is for an hour that nothing interrupts. Interruptions make a training
longer, and so dearer; ownership replaces the rent by what an hour of an owned device is worth.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from planner.economics.assumptions import Assumptions
from planner.economics.bought import BoughtHardware
from planner.economics.cashflow import MONTHS_PER_YEAR
from planner.economics.cost import spot_factor
from planner.economics.investment import TrainingComparison
from planner.economics.ownership import (
    Ownership,
    energy_per_device_h,
    owned_rate_per_device_h,
    worth_of_saved_device_h,
)
from planner.economics.rates import SpotTerms
from planner.money import Money, exchange
from planner.refusal import Refusal


def on_terms(
    comparison: TrainingComparison,
    *,
    spot: SpotTerms | None,
    ownership: Ownership | None,
    assumptions: Assumptions,
) -> TrainingComparison:
    """The training with the interruptions and the ownership of its devices.

    Args:
        comparison: Hours without interruptions, at a rent in the reporting currency.
        spot: How often a device is taken away; None: never.
        ownership: Of the devices; None: they are rented.
        assumptions: Their currency and exchange rates.

    Raises:
        Refusal: At ``assumptions.exchange_rates``, where the rate of an owned device is missing.
    """
    changed = comparison if spot is None else _interrupted(comparison, spot)
    return changed if ownership is None else _owned(changed, ownership, assumptions)


def _interrupted(comparison: TrainingComparison, spot: SpotTerms) -> TrainingComparison:
    def factor(device_count: float) -> float:
        return spot_factor(
            interruptions_per_device_h=spot.interruptions_per_device_h,
            device_count=device_count,
            checkpoint_interval_h=spot.checkpoint_interval_h,
            restart_h=spot.restart_h,
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
        try:
            return exchange(price, assumptions.currency, assumptions.exchange_rates)
        except Refusal as refusal:
            field = f"assumptions.{refusal.field}"
            raise Refusal(field, refusal.code, **refusal.params) from refusal

    device = ownership.device
    if ownership.case == "compare":
        return replace(comparison, price_per_device_h=here(owned_rate_per_device_h(device)))
    if ownership.case == "already_bought":
        worth = worth_of_saved_device_h(device, reuse_fraction=ownership.reuse_fraction)
        return replace(comparison, price_per_device_h=here(worth))
    return replace(
        comparison,
        candidate_price_per_device_h=here(energy_per_device_h(device)),
        bought=_bought(ownership, comparison.candidate_device_count, here),
    )


def _bought(
    ownership: Ownership, device_count: float, here: Callable[[Money], Money]
) -> BoughtHardware:
    devices, device = math.ceil(device_count), ownership.device
    return BoughtHardware(
        outlay=here(device.purchase) * devices,
        maintenance_per_month=here(device.maintenance_per_year) * (devices / MONTHS_PER_YEAR),
        residual=here(device.residual) * devices,
    )
