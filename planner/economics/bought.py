"""Hardware that the plan itself buys: outlay, upkeep, residual, and the tax its write-off saves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.economics.assumptions import Assumptions
from planner.economics.cashflow import MONTHS_PER_YEAR
from planner.economics.depreciation import declining_balance, straight_line
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtHardware:
    """Devices that the plan buys, beside the outlay that is assumed outright.

    Attributes:
        outlay: Paid in month 0.
        maintenance_per_month: Paid from month 1 to the horizon.
        residual: Received at the horizon.
    """

    outlay: Money
    maintenance_per_month: Money
    residual: Money


def written_off_by_year(purchase: Money, assumptions: Assumptions) -> tuple[Money, ...]:
    """Depreciation in each year of the useful life, by the assumed method."""
    method = straight_line if assumptions.depreciation == "straight_line" else declining_balance
    return method(purchase, life_years=assumptions.useful_life_years)


def written_off_by_month(purchase: Money, assumptions: Assumptions) -> NDArray[np.float64]:
    """Depreciation in the months 1 to the horizon: each year's amount in twelve equal parts.

    It is no cash. With a tax it saves its share of it, month by month; what is still on the
    books at the horizon is set against the residual there.
    """
    yearly = [year.amount for year in written_off_by_year(purchase, assumptions)]
    monthly = np.repeat(yearly, MONTHS_PER_YEAR) / MONTHS_PER_YEAR
    months = np.zeros(assumptions.horizon_months)
    within = min(len(months), len(monthly))
    months[:within] = monthly[:within]
    return months


def tax_saved_by_month(purchase: Money, assumptions: Assumptions) -> NDArray[np.float64]:
    """Tax that the purchase saves in the months 1 to the horizon, its remaining book value last."""
    if not assumptions.tax_fraction:
        return np.zeros(assumptions.horizon_months)
    deducted = written_off_by_month(purchase, assumptions)
    deducted[-1] += purchase.amount - deducted.sum()
    return assumptions.tax_fraction * deducted
