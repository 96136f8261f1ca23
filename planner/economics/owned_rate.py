"""The hourly rate of an owned device in its parts, as the calculator shows it."""

from dataclasses import dataclass

from planner.economics.energy import WATTS_PER_KILOWATT, energy_cost
from planner.economics.ownership import (
    HOURS_PER_YEAR,
    Ownership,
    owned_rate_per_device_h,
    worth_of_saved_device_h,
)
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedRate:
    """The full rate of an owned device, in its parts, and what a plan counts instead.

    Attributes:
        capital_per_gpu_hour: The purchase, less the residual, over the hours of use.
        maintenance_per_gpu_hour: Service, space and operators.
        energy_per_gpu_hour: Of one hour of use, and of the idle hours that belong to it.
        total_per_gpu_hour: Sum of the three, to be compared with a rent.
        saved_per_gpu_hour: Worth of an hour less once the device is bought.
    """

    capital_per_gpu_hour: Money
    maintenance_per_gpu_hour: Money
    energy_per_gpu_hour: Money
    total_per_gpu_hour: Money
    saved_per_gpu_hour: Money


def owned_rate(ownership: Ownership) -> OwnedRate:
    """Full rate ``(P-R)/(Y 8760 u) + M/(8760 u) + [kW_use + kW_idle (1-u)/u] PUE price``."""
    device = ownership.device
    used_h_per_year = HOURS_PER_YEAR * device.use_fraction
    idle_share = (1 - device.use_fraction) / device.use_fraction
    drawn_kw = (device.use_w + device.idle_w * idle_share) / WATTS_PER_KILOWATT
    lost = device.purchase - device.residual
    return OwnedRate(
        capital_per_gpu_hour=lost * (1 / (device.life_years * used_h_per_year)),
        maintenance_per_gpu_hour=device.maintenance_per_year * (1 / used_h_per_year),
        energy_per_gpu_hour=energy_cost(drawn_kw, device.pue, device.energy_price_per_kwh),
        total_per_gpu_hour=owned_rate_per_device_h(device),
        saved_per_gpu_hour=worth_of_saved_device_h(device, reuse_fraction=ownership.reuse_fraction),
    )
