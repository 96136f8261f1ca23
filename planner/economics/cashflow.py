"""Monthly cash flows and what follows from them: NPV, IRR, ROI, payback."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np

from planner.money import Money, require_currency
from planner.refusal import require

MONTHS_PER_YEAR = 12

ZERO_FRACTION = 1e-12
"""A total this small beside the flows it sums is zero: only rounding made it negative."""

_WIDEST_LOG_FACTOR = 50.0
_ROOT_ANGLE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlows:
    """Money in (positive) and out (negative) by month; depreciation is never among it.

    Attributes:
        currency: ISO 4217 code of all amounts.
        amounts: One a month; the first is month 0, which is not discounted.
    """

    currency: str
    amounts: tuple[float, ...]

    def __post_init__(self) -> None:
        require_currency(self.currency, "currency")
        require(len(self.amounts) >= 1, "amounts", "empty")
        require(all(math.isfinite(amount) for amount in self.amounts), "amounts", "not_finite")

    @property
    def cumulative(self) -> tuple[float, ...]:
        """Running total after each month."""
        return tuple(accumulate(self.amounts))

    @property
    def investment(self) -> Money:
        """What is paid in month 0; zero when nothing is."""
        return Money(amount=max(0.0, -self.amounts[0]), currency=self.currency)


def discount_factor_per_month(discount_rate_per_year: float) -> float:
    """Present worth of one unit paid a month from now, ``(1+r)^(-1/12)``."""
    require(-1 < discount_rate_per_year < math.inf, "discount_rate_per_year", "not_finite")
    return float((1 + discount_rate_per_year) ** (-1 / MONTHS_PER_YEAR))


def discounted(flows: CashFlows, discount_rate_per_year: float) -> CashFlows:
    """The same flows, each at its worth in month 0."""
    factor = discount_factor_per_month(discount_rate_per_year)
    amounts = tuple(amount * factor**month for month, amount in enumerate(flows.amounts))
    return CashFlows(currency=flows.currency, amounts=amounts)


def npv(flows: CashFlows, discount_rate_per_year: float) -> Money:
    """Net present value in month 0."""
    amounts = discounted(flows, discount_rate_per_year).amounts
    return Money(amount=math.fsum(amounts), currency=flows.currency)


def roi(flows: CashFlows) -> float | None:
    """Return on investment: sum of all flows over the outlay of month 0; None without one."""
    outlay = flows.investment.amount
    return math.fsum(flows.amounts) / outlay if outlay > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payback:
    """When the money is back for good.

    Attributes:
        months: Month after which the running total stays at or above zero up to the horizon;
            0 when it never was below (immediate), None when it is below at the horizon (never).
        lost_crossing_months: First crossing that did not last, if the total fell again later.
    """

    months: float | None
    lost_crossing_months: float | None = None

    @property
    def kind(self) -> Literal["immediate", "after_months", "never"]:
        """Which of the three answers it is."""
        if self.months is None:
            return "never"
        return "immediate" if self.months == 0 else "after_months"

    @property
    def lasting(self) -> bool:
        """Whether no earlier crossing was lost again."""
        return self.lost_crossing_months is None


def payback(flows: CashFlows) -> Payback:
    """Simple payback, interpolated within its month: ``k-1 + (-C_{k-1})/CF_k``."""
    totals = flows.cumulative
    moved = accumulate(abs(amount) for amount in flows.amounts)
    below = [
        total < -ZERO_FRACTION * sum_of_all for total, sum_of_all in zip(totals, moved, strict=True)
    ]
    crossings = [
        month - 1 - totals[month - 1] / flows.amounts[month]
        for month in range(1, len(totals))
        if below[month - 1] and not below[month]
    ]
    if below[-1]:
        return Payback(months=None, lost_crossing_months=crossings[0] if crossings else None)
    if not any(below):
        return Payback(months=0.0)
    return Payback(
        months=crossings[-1],
        lost_crossing_months=crossings[0] if len(crossings) > 1 else None,
    )


def discounted_payback(flows: CashFlows, discount_rate_per_year: float) -> Payback:
    """Payback of the discounted flows."""
    return payback(discounted(flows, discount_rate_per_year))


@dataclass(frozen=True, slots=True, kw_only=True)
class Irr:
    """Every rate of return at which the flows are worth nothing, rising.

    Attributes:
        monthly_fractions: Rates a month, -1 excluded; empty when there is none.
    """

    monthly_fractions: tuple[float, ...]

    @property
    def kind(self) -> Literal["none", "one", "several"]:
        """Only ``one`` may be read as a return."""
        return ("none", "one", "several")[min(len(self.monthly_fractions), 2)]

    @property
    def annual_fractions(self) -> tuple[float, ...]:
        """The same rates a year, ``(1+i)^12 - 1``."""
        return tuple((1 + rate) ** MONTHS_PER_YEAR - 1 for rate in self.monthly_fractions)


def irr(flows: CashFlows) -> Irr:
    """Internal rates of return: all of them, since several make each one meaningless.

    Flows whose sign never changes have none, one change gives exactly one (Descartes); with
    more the real positive roots of the flows' polynomial are found, double ones included.
    """
    signs = [amount > 0 for amount in flows.amounts if amount != 0]
    changes = sum(before != after for before, after in pairwise(signs))
    if changes == 0:
        factors: list[float] = []
    elif changes == 1:
        factors = _single_factor(flows.amounts)
    else:
        factors = _all_factors(flows.amounts)
    return Irr(monthly_fractions=tuple(sorted(1 / factor - 1 for factor in factors)))


def _worth(amounts: Sequence[float], log_factor: float) -> float:
    """Present worth at the discount factor ``e^log_factor``; above 1 scaled by its last power.

    The scaling keeps sign and roots, and nothing overflows.
    """
    if log_factor <= 0:
        return float(np.polynomial.polynomial.polyval(math.exp(log_factor), amounts))
    return float(np.polynomial.polynomial.polyval(math.exp(-log_factor), amounts[::-1]))


def _single_factor(amounts: Sequence[float]) -> list[float]:
    """The one discount factor at which flows with one change of sign are worth nothing."""
    width = 0.5
    while _worth(amounts, -width) * _worth(amounts, width) > 0:
        width *= 2
        if width > _WIDEST_LOG_FACTOR:
            return []
    from scipy.optimize import brentq  # only this needs it, and it takes long to load

    root = brentq(lambda log: _worth(amounts, log), -width, width, xtol=1e-14)
    return [math.exp(root)]


def _all_factors(amounts: Sequence[float]) -> list[float]:
    """All positive real roots of ``sum CF_k q^k``, equal ones once."""
    roots = np.roots(np.trim_zeros(np.asarray(amounts[::-1], dtype=np.float64)))
    real = roots[(roots.real > 0) & (np.abs(np.angle(roots)) < _ROOT_ANGLE)].real
    wide = math.exp(_WIDEST_LOG_FACTOR)
    found: list[float] = []
    for factor in sorted(float(root) for root in real if 1 / wide < root < wide):
        if not found or factor > found[-1] * (1 + _ROOT_ANGLE):
            found.append(factor)
    return found
