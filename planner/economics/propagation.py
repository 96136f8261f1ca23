"""What uncertain inputs leave possible of a plan: bands, odds, and what drives them."""

from dataclasses import dataclass

from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NpvBand:
    """Net present value, all draws together.

    Attributes:
        low: P10.
        mid: P50.
        high: P90.
        mean: Expected value.
    """

    low: Money
    mid: Money
    high: Money
    mean: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackBand:
    """Payback; None where it is never within the horizon.

    Attributes:
        low_months: P10.
        mid_months: P50.
        high_months: P90.
    """

    low_months: float | None
    mid_months: float | None
    high_months: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CumulativeBand:
    """Running total after each month, 0 to the horizon.

    Attributes:
        currency: ISO 4217 code of all amounts.
        low: P10, month by month.
        mid: P50.
        high: P90.
    """

    currency: str
    low: tuple[float, ...]
    mid: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """Probabilities that the decision is taken on; they are about the mean saving.

    Attributes:
        npv_positive: P(NPV > 0).
        payback_in_time: P(payback <= limit).
        npv_positive_se: Standard error of the first by plain Monte Carlo, an upper bound here.
        payback_in_time_se: Of the second.
    """

    npv_positive: float
    payback_in_time: float
    npv_positive_se: float
    payback_in_time_se: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoBar:
    """Net present value when one input moves from its P10 to its P90, all others at base.

    Attributes:
        name: ``speed_up``, ``transfer`` or the field of an assumption.
        low_value: P10 of the input; a time ratio, a factor, or in the assumption's unit.
        high_value: Its P90.
        npv_at_low: Worth at the first.
        npv_at_high: Worth at the second.
        measured: Whether more seeds would narrow it.
    """

    name: str
    low_value: float
    high_value: float
    npv_at_low: Money
    npv_at_high: Money
    measured: bool

    @property
    def swing(self) -> Money:
        """Length of the bar, positive."""
        return Money(
            amount=abs(self.npv_at_high.amount - self.npv_at_low.amount),
            currency=self.npv_at_low.currency,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """Net present value in three single cases.

    Attributes:
        pessimistic: Every input at its worse end.
        base: Every input at its own value.
        optimistic: Every input at its better end.
    """

    pessimistic: Money
    base: Money
    optimistic: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Propagation:
    """What the uncertain inputs leave possible.

    Attributes:
        npv: Band of the net present value.
        payback: Band of the simple payback.
        odds: On which the decision is taken.
        odds_known_speed_up: The same if the speed-up were known to be what was measured.
        cumulative: Band of the running total, for the chart.
        tornado: Longest bar first.
        scenarios: Three single values.
        npv_seed_sd: Standard deviation of NPV from the confirmation seeds alone.
        odds_at_frozen_rates: The odds if today's learning rate, which few selection seeds chose,
            were known to be its best; None where no other rate was tried.
        odds_after_all_seeds: The odds if confirmation seeds without end had shown what was
            measured, today's learning rate chosen as it is; None where no other rate was tried.
    """

    npv: NpvBand
    payback: PaybackBand
    odds: Odds
    odds_known_speed_up: Odds
    cumulative: CumulativeBand
    tornado: tuple[TornadoBar, ...]
    scenarios: Scenarios
    npv_seed_sd: Money
    odds_at_frozen_rates: Odds | None = None
    odds_after_all_seeds: Odds | None = None
