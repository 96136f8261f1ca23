"""How much of caps is used, and how much is expected to be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.energy import JOULES_PER_KWH
from planner.money import ExchangeRate, Money, exchange, require_money_in
from planner.pilots.caps import CapTerms, Limits
from planner.refusal import Refusal

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
class Spent:
    """What was used so far, or would be.

    Attributes:
        device_h: Device-hours.
        energy_kwh: Measured where a meter was read, estimated from power otherwise.
        energy_estimated: Whether a part of it is estimated.
        money: Device-hours at the price that is counted with.
        money_estimated: Whether a part of it is left out, because nobody knows its price.
    """

    device_h: float
    energy_kwh: float
    energy_estimated: bool
    money: Money
    money_estimated: bool = False

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            device_h=self.device_h + other.device_h,
            energy_kwh=self.energy_kwh + other.energy_kwh,
            energy_estimated=self.energy_estimated or other.energy_estimated,
            money=self.money + other.money,
            money_estimated=self.money_estimated or other.money_estimated,
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
        expected: In the end, by the composed times of what is planned; None where unknown.
    """

    scope: CapScope
    unit: CapUnit
    used: float
    limit: float
    currency: str = ""
    estimated: bool = False
    expected: float | None = None

    @property
    def used_fraction(self) -> float:
        """Share of the cap."""
        return self.used / self.limit

    @property
    def expected_fraction(self) -> float | None:
        """Share of the cap in the end; above 1 the work stops before it is done."""
        return None if self.expected is None else self.expected / self.limit

    @property
    def highest_fraction(self) -> float:
        """Share of the cap that is used, or that will be in the end where more is expected."""
        return max(self.used_fraction, self.expected_fraction or 0.0)

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
            estimated=spent.money_estimated,
        )


def spent_at(
    terms: CapTerms, *, seconds: float, energy_j: float = 0.0, metered_s: float = 0.0
) -> Spent:
    """What seconds of a device amount to.

    Args:
        terms: What they are counted at; an unknown price or power counts as nothing.
        seconds: Of a device.
        energy_j: Of those seconds that a meter was read in.
        metered_s: Those seconds.
    """
    unmetered_s = max(0.0, seconds - metered_s)
    estimated_j = unmetered_s * (terms.device_w or 0.0)
    price = terms.price_per_device_h or Money(amount=0.0, currency="USD")
    return Spent(
        device_h=seconds / SECONDS_PER_HOUR,
        energy_kwh=(energy_j + estimated_j) / JOULES_PER_KWH,
        energy_estimated=unmetered_s > 0,
        money=price * (seconds / SECONDS_PER_HOUR),
        money_estimated=seconds > 0 and not terms.counts("money"),
    )


def amount_of(use: CapUse, spent: Spent, rates: Iterable[ExchangeRate]) -> float:
    """How much of a cap that is; money that nobody can exchange into its currency is left out."""
    match use.unit:
        case "device_h":
            return spent.device_h
        case "energy_kwh":
            return spent.energy_kwh
        case "money":
            try:
                return in_currency(spent, use.currency, rates).money.amount
            except Refusal:
                return 0.0


def with_more(use: CapUse, more: Spent, rates: Iterable[ExchangeRate]) -> CapUse:
    """The same with more expected of it; where nothing was, on top of what is used."""
    before = use.used if use.expected is None else use.expected
    return replace(use, expected=before + amount_of(use, more, rates))


def in_currency(spent: Spent, currency: str, rates: Iterable[ExchangeRate]) -> Spent:
    """The same, its money at stated exchange rates.

    Raises:
        Refusal: No rate leads to the currency.
    """
    if spent.money.amount == 0:
        return replace(spent, money=Money(amount=0.0, currency=currency))
    return replace(spent, money=exchange(spent.money, currency, tuple(rates)))
