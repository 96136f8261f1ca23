"""Caps: limits in device-hours, energy and money that stop work, and how much of each is used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_positive
from planner.money import Money, require_money_in

CapScope = Literal["run", "pilot", "month"]
CapUnit = Literal["device_h", "energy_kwh", "money"]
CapReason = Literal[
    "cap_run_device_h",
    "cap_run_energy_kwh",
    "cap_run_money",
    "cap_pilot_device_h",
    "cap_pilot_energy_kwh",
    "cap_pilot_money",
    "cap_month_device_h",
    "cap_month_energy_kwh",
    "cap_month_money",
]
"""Message keys below ``reason.`` of a run that was stopped, and below ``cap.`` of its limit."""

WARN_FRACTION = 0.8
"""Share of a cap from which on people are warned."""


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
    """

    caps: Caps
    price_per_device_h: Money | None
    device_w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was used so far, or would be.

    Attributes:
        device_h: Device-hours.
        energy_kwh: Measured where a meter was read, estimated from power otherwise.
        energy_estimated: Whether a part of it is estimated.
        money: Device-hours at the price that is counted with.
    """

    device_h: float
    energy_kwh: float
    energy_estimated: bool
    money: Money

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            device_h=self.device_h + other.device_h,
            energy_kwh=self.energy_kwh + other.energy_kwh,
            energy_estimated=self.energy_estimated or other.energy_estimated,
            money=self.money + other.money,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUse:
    """How much of one cap is used.

    Attributes:
        scope: Whose cap.
        unit: Of ``used`` and ``limit``.
        used: So far.
        limit: The cap.
        currency: Of money; empty otherwise.
        estimated: Whether a part of it was not measured.
    """

    scope: CapScope
    unit: CapUnit
    used: float
    limit: float
    currency: str = ""
    estimated: bool = False

    @property
    def used_fraction(self) -> float:
        """Share of the cap."""
        return self.used / self.limit

    @property
    def warned(self) -> bool:
        """Whether people should know that the cap is near."""
        return self.used_fraction >= WARN_FRACTION

    @property
    def reached(self) -> bool:
        """Whether nothing more may run."""
        return self.used >= self.limit

    @property
    def reason(self) -> str:
        """Message key of a run that it stopped, one of `CapReason`."""
        return f"cap_{self.scope}_{self.unit}"


def uses(scope: CapScope, limits: Limits, spent: Spent) -> Iterator[CapUse]:
    """Every limit against what was spent; both in one currency."""
    if limits.device_h is not None:
        yield CapUse(scope=scope, unit="device_h", used=spent.device_h, limit=limits.device_h)
    if limits.energy_kwh is not None:
        yield CapUse(
            scope=scope,
            unit="energy_kwh",
            used=spent.energy_kwh,
            limit=limits.energy_kwh,
            estimated=spent.energy_estimated,
        )
    if limits.money is not None:
        require_money_in(limits.money.currency, spent.money, "money")
        yield CapUse(
            scope=scope,
            unit="money",
            used=spent.money.amount,
            limit=limits.money.amount,
            currency=limits.money.currency,
        )
