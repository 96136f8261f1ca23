"""Electricity of trainings: measured or estimated, what it costs and the carbon behind it."""

import math
from dataclasses import dataclass

from planner.bounds import check_not_negative
from planner.money import Money, require_day
from planner.refusal import require

WATTS_PER_KILOWATT = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where the devices stand; entered by the team, since no default would be true anywhere.

    Attributes:
        pue: Facility energy over IT energy; at least 1.
        grid_kg_per_kwh: Carbon dioxide of the grid for one kilowatt-hour.
        as_of: ISO date of these facts.
        energy_price_per_kwh: Price of electricity; None where it is inside a rent and unknown.
        load_fraction: Share of its board power that a device draws in training, to estimate
            energy that no meter saw; None leaves it unknown.
        source: Where these facts were read; empty if nobody said.
    """

    pue: float
    grid_kg_per_kwh: float
    as_of: str
    energy_price_per_kwh: Money | None = None
    load_fraction: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        require(1 <= self.pue < math.inf, "pue", "below_minimum", minimum=1)
        check_not_negative(self.grid_kg_per_kwh, "grid_kg_per_kwh")
        require_day(self.as_of, "as_of")
        if self.energy_price_per_kwh is not None:
            check_not_negative(self.energy_price_per_kwh.amount, "energy_price_per_kwh.amount")
        if self.load_fraction is not None:
            within = 0 < self.load_fraction <= 1
            require(within, "load_fraction", "out_of_range", low=0, high=1)


def estimated_energy_kwh(*, board_w: float, load_fraction: float, device_hours_h: float) -> float:
    """Energy from board power and load: an estimate, to be shown as one."""
    return board_w * load_fraction * device_hours_h / WATTS_PER_KILOWATT


def energy_cost(energy_kwh: float, pue: float, price_per_kwh: Money) -> Money:
    """Cost of IT energy, facility overhead included."""
    return price_per_kwh * (energy_kwh * pue)


def carbon_kg(energy_kwh: float, *, pue: float, grid_kg_per_kwh: float) -> float:
    """Carbon of IT energy, facility overhead included."""
    return energy_kwh * pue * grid_kg_per_kwh
