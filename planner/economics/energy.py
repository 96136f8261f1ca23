"""Electricity of trainings: measured or estimated, what it costs and the carbon behind it."""

import math
from dataclasses import dataclass

from planner.bounds import check_at_least, check_not_negative
from planner.money import Money, require_day
from planner.refusal import require

WATTS_PER_KILOWATT = 1000.0
JOULES_PER_KWH = 3.6e6


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteredPower:
    """Power of one device while runs had it, as meters read it.

    Attributes:
        mean_w: Energy over the seconds that the metered runs had the device.
        metered_runs: Runs of which a meter read every attempt.
        runs: All runs that had a device.
    """

    mean_w: float
    metered_runs: int
    runs: int

    def __post_init__(self) -> None:
        check_not_negative(self.mean_w, "mean_w")
        check_at_least(self.metered_runs, 1, "metered_runs")
        check_at_least(self.runs, self.metered_runs, "runs")

    @property
    def of_all(self) -> bool:
        """Whether a meter read every run."""
        return self.metered_runs == self.runs


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyUse:
    """Electricity of devices, and the carbon behind it; part of a rent, so added to nothing.

    Attributes:
        energy_kwh: Of the devices themselves, without the facility's share.
        estimated: Where no meter read the whole of it.
        cost: At the price of electricity, facility included; None without a price.
        carbon_kg: Facility included.
        as_of: ISO date of PUE and grid factor.
        power: What meters read that it follows from; None: it follows from board power and load.
    """

    energy_kwh: float
    estimated: bool
    cost: Money | None
    carbon_kg: float
    as_of: str
    power: MeteredPower | None = None


def metered_use(
    device_hours_h: float, *, power: MeteredPower, facility: Facility | None
) -> EnergyUse | None:
    """What hours of the metered devices use; an estimate where a meter missed some of the runs."""
    if facility is None:
        return None
    energy_kwh = power.mean_w * device_hours_h / WATTS_PER_KILOWATT
    return energy_use(energy_kwh, facility, estimated=not power.of_all, power=power)


def energy_use(
    energy_kwh: float,
    facility: Facility,
    *,
    estimated: bool,
    power: MeteredPower | None = None,
) -> EnergyUse:
    """What so much energy costs and emits in a facility."""
    price = facility.energy_price_per_kwh
    return EnergyUse(
        energy_kwh=energy_kwh,
        estimated=estimated,
        cost=None if price is None else energy_cost(energy_kwh, facility.pue, price),
        carbon_kg=carbon_kg(energy_kwh, pue=facility.pue, grid_kg_per_kwh=facility.grid_kg_per_kwh),
        as_of=facility.as_of,
        power=power,
    )


def estimated_use(
    device_hours_h: float, *, board_w: float | None, facility: Facility | None
) -> EnergyUse | None:
    """The same where no meter read it; None without facility, board power or load."""
    if facility is None or facility.load_fraction is None or board_w is None:
        return None
    energy_kwh = estimated_energy_kwh(
        board_w=board_w, load_fraction=facility.load_fraction, device_hours_h=device_hours_h
    )
    return energy_use(energy_kwh, facility, estimated=True)


def estimated_energy_kwh(*, board_w: float, load_fraction: float, device_hours_h: float) -> float:
    """Energy from board power and load: an estimate, to be shown as one."""
    return board_w * load_fraction * device_hours_h / WATTS_PER_KILOWATT


def energy_cost(energy_kwh: float, pue: float, price_per_kwh: Money) -> Money:
    """Cost of IT energy, facility overhead included."""
    return price_per_kwh * (energy_kwh * pue)


def carbon_kg(energy_kwh: float, *, pue: float, grid_kg_per_kwh: float) -> float:
    """Carbon of IT energy, facility overhead included."""
    return energy_kwh * pue * grid_kg_per_kwh
