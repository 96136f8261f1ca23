"""Caps: limits in device-hours, energy and money that stop work, and what they are counted at."""

from dataclasses import dataclass, replace

from planner.bounds import check_positive
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be used; None is no limit.

    Attributes:
        device_h: Device-hours.
        energy_kwh: Energy of the devices, without the facility's overhead.
        money: Device-hours at the price that is counted with.
    """

    device_h: float | None = None
    energy_kwh: float | None = None
    money: Money | None = None

    def __post_init__(self) -> None:
        for name, limit in (("device_h", self.device_h), ("energy_kwh", self.energy_kwh)):
            if limit is not None:
                check_positive(limit, name)
        if self.money is not None:
            check_positive(self.money.amount, "money.amount")

    @property
    def any(self) -> bool:
        """Whether there is a limit."""
        return (self.device_h, self.energy_kwh, self.money) != (None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Limits of a pilot and of each of its runs; None is no limit.

    Attributes:
        pilot_device_h: Device-hours of all runs together.
        pilot_energy_kwh: Energy of all runs.
        pilot_money: Device cost of all runs.
        run_device_h: Device-hours of one run.
        run_energy_kwh: Energy of one run.
        run_money: Device cost of one run.
        device_w: Power of one device where no meter tells it; None: the board power of the
            pilot's hardware.
    """

    pilot_device_h: float | None = None
    pilot_energy_kwh: float | None = None
    pilot_money: Money | None = None
    run_device_h: float | None = None
    run_energy_kwh: float | None = None
    run_money: Money | None = None
    device_w: float | None = None

    def __post_init__(self) -> None:
        for name in (*LIMIT_FIELDS, "device_w"):
            limit = getattr(self, name)
            if isinstance(limit, Money):
                check_positive(limit.amount, f"{name}.amount")
            elif limit is not None:
                check_positive(limit, name)

    @property
    def of_pilot(self) -> Limits:
        """Of all runs together."""
        return Limits(
            device_h=self.pilot_device_h,
            energy_kwh=self.pilot_energy_kwh,
            money=self.pilot_money,
        )

    @property
    def of_run(self) -> Limits:
        """Of one run."""
        return Limits(
            device_h=self.run_device_h, energy_kwh=self.run_energy_kwh, money=self.run_money
        )


LIMIT_FIELDS = (
    "pilot_device_h",
    "pilot_energy_kwh",
    "pilot_money",
    "run_device_h",
    "run_energy_kwh",
    "run_money",
)
"""Fields of `Caps` that can be raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTerms:
    """Caps as they stand after raises, with what a device-hour is counted at.

    Attributes:
        caps: The limits.
        price_per_device_h: Of the pilot's hardware, on the day on which it was started; None where
            nobody knew it.
        device_w: Power of one device where no meter tells it; None where nobody knows it.
        device: Device that the price and the power are of; empty: the one that the pilot runs on,
            whichever that is.
        here_per_device_h: What was entered for this computer; counts where another device runs.
    """

    caps: Caps
    price_per_device_h: Money | None
    device_w: float | None = None
    device: str = ""
    here_per_device_h: Money | None = None

    def on(self, running: str | None) -> "CapTerms":
        """What the seconds of a device are counted at, never at the rate of another device.

        Args:
            running: Device that the pilot runs on; None before the first run.
        """
        if self.device in ("", running):
            return self
        return replace(
            self,
            price_per_device_h=self.here_per_device_h,
            device_w=self.caps.device_w,
            device="",
        )

    def counts(self, unit: str) -> bool:
        """Whether seconds of a device can be told in a unit of a cap."""
        known = {
            "energy_kwh": self.device_w is not None,
            "money": self.price_per_device_h is not None,
        }
        return known.get(unit, True)


UNLIMITED = CapTerms(caps=Caps(), price_per_device_h=None)
"""Of a pilot without caps."""
