"""Hardware that is owned instead of rented: what an hour costs, and what a saved one brings."""

import math
from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_not_negative, check_positive
from planner.economics.energy import WATTS_PER_KILOWATT, energy_cost
from planner.money import Money, require_money_in
from planner.refusal import require

HOURS_PER_YEAR = 8760.0

OwnedCase = Literal["compare", "already_bought", "bought_by_plan"]
"""What owned hardware has to do with the plan; each case prices an hour of it differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedDevice:
    """A bought device, with what is needed to compare it with a rented one.

    Attributes:
        purchase: Price when new.
        residual: Expected price at the end of its life.
        life_years: Years of use.
        use_fraction: Share of all hours in which it trains.
        maintenance_per_year: Service, space and operators, without energy.
        use_w: Power while it trains.
        idle_w: Power while it waits.
        pue: Facility energy over IT energy; at least 1.
        energy_price_per_kwh: Price of electricity.
    """

    purchase: Money
    residual: Money
    life_years: float
    use_fraction: float
    maintenance_per_year: Money
    use_w: float
    idle_w: float
    pue: float
    energy_price_per_kwh: Money

    @property
    def amounts(self) -> tuple[Money, ...]:
        """Every amount of money in it."""
        return self.purchase, self.residual, self.maintenance_per_year, self.energy_price_per_kwh

    def __post_init__(self) -> None:
        for field in ("purchase", "residual", "maintenance_per_year", "energy_price_per_kwh"):
            check_not_negative(getattr(self, field).amount, f"{field}.amount")
        check_positive(self.life_years, "life_years")
        require(0 < self.use_fraction <= 1, "use_fraction", "out_of_range", low=0, high=1)
        require(0 <= self.idle_w <= self.use_w < math.inf, "idle_w", "idle_above_use")
        require(1 <= self.pue < math.inf, "pue", "below_minimum", minimum=1)
        for amount in self.amounts:
            require_money_in(self.purchase.currency, amount, "purchase.currency")


def owned_rate_per_device_h(device: OwnedDevice) -> Money:
    """Full rate of an owned device for one hour of training, to be compared with a rent.

    ``(P-R)/(Y 8760 u) + M/(8760 u) + [kW_use + kW_idle (1-u)/u] PUE price``. Energy is inside:
    a comparison that uses this rate has no separate energy line.
    """
    used_h_per_year = HOURS_PER_YEAR * device.use_fraction
    capital = (device.purchase - device.residual) * (1 / (device.life_years * used_h_per_year))
    maintenance = device.maintenance_per_year * (1 / used_h_per_year)
    return capital + maintenance + energy_per_device_h(device)


def energy_per_device_h(device: OwnedDevice) -> Money:
    """Electricity of one hour of training, with its share of the hours in which it waits."""
    idle_share = (1 - device.use_fraction) / device.use_fraction
    drawn_kw = (device.use_w + device.idle_w * idle_share) / WATTS_PER_KILOWATT
    return energy_cost(drawn_kw, device.pue, device.energy_price_per_kwh)


def worth_of_saved_device_h(device: OwnedDevice, *, reuse_fraction: float = 0.0) -> Money:
    """What one hour less on a device that is already bought brings in.

    The energy that an idle device does not draw, and, for the share of the freed hours that
    other work takes up, the full rate.
    """
    require(0 <= reuse_fraction <= 1, "reuse_fraction", "out_of_range", low=0, high=1)
    saved_kw = (device.use_w - device.idle_w) / WATTS_PER_KILOWATT
    energy = energy_cost(saved_kw, device.pue, device.energy_price_per_kwh)
    return energy + owned_rate_per_device_h(device) * reuse_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Owned hardware in a plan; its price takes the place of the rate card's.

    Attributes:
        case: ``compare`` prices every hour at the full rate, against a rent. ``already_bought``
            prices it at what a saved hour brings in, since the purchase is spent whatever is
            decided. ``bought_by_plan`` pays the purchase in month 0, maintenance every month and
            energy by the hour, gets the residual at the horizon, and ends today's rent.
        device: One of the devices.
        reuse_fraction: Share of freed hours that other work takes up, where already bought.
    """

    case: OwnedCase
    device: OwnedDevice
    reuse_fraction: float = 0.0

    def __post_init__(self) -> None:
        known = self.case in ("compare", "already_bought", "bought_by_plan")
        require(known, "case", "choice_unknown")
        within = 0 <= self.reuse_fraction <= 1
        require(within, "reuse_fraction", "out_of_range", low=0, high=1)
