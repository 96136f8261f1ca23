"""What a plan comes to, for one value or for all draws of its inputs at once.

Nothing loops over draws: the running total after month k is ``-I + v R_k``, with R_k the
trainings up to month k, so NPV is linear in I and v and payback inverts one broken line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from planner.economics.assumptions import Assumptions
from planner.economics.bought import tax_saved_by_month
from planner.economics.cashflow import MONTHS_PER_YEAR, ZERO_FRACTION
from planner.economics.investment import (
    HARDWARE_LINE,
    PILOT_LINES,
    Amount,
    TrainingComparison,
    investment_costs,
    ramp_fractions,
    value_amounts,
)
from planner.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFlow:
    """Money that comes or goes however many trainings there are.

    Attributes:
        amount: In the review's currency, one value or one for every draw.
        monthly_factor: What it is multiplied with in the months 1 to the horizon.
    """

    amount: Amount
    monthly_factor: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Flows of a plan in the review's currency, one value or one for every draw.

    Attributes:
        outlay: Paid in month 0.
        full_month: Worth of the trainings of a month after the ramp.
        residual: Received at the horizon.
        discount_rate_fraction: Effective annual rate.
        ramp: Share of a full month's trainings in the months 1 to the horizon.
        fixed: Upkeep and tax saved by writing off; rare, and then payback goes month by month.
    """

    outlay: Amount
    full_month: Amount
    residual: Amount
    discount_rate_fraction: Amount
    ramp: NDArray[np.float64]
    fixed: tuple[FixedFlow, ...] = ()

    def npv(self) -> Amount:
        """Net present value."""
        factor = (1 + self.discount_rate_fraction) ** (-1 / MONTHS_PER_YEAR)
        months: Amount = np.polynomial.polynomial.polyval(factor, [0.0, *self.ramp])
        at_horizon = self.residual * factor ** len(self.ramp)
        worth = self.full_month * months + at_horizon - self.outlay
        for flow in self.fixed:
            worth += flow.amount * np.polynomial.polynomial.polyval(
                factor, [0.0, *flow.monthly_factor]
            )
        return worth

    def payback_months(self) -> NDArray[np.float64]:
        """Simple payback as in `planner.economics.cashflow`; infinite for never."""
        if self.fixed:
            return self._payback_month_by_month()
        outlay, full_month = np.broadcast_arrays(
            np.asarray(self.outlay, dtype=np.float64), np.asarray(self.full_month, dtype=np.float64)
        )
        done = np.concatenate([[0.0], np.cumsum(self.ramp)])
        at_once = np.where(outlay <= 0, 0.0, np.inf)
        with np.errstate(over="ignore"):
            needed = np.divide(outlay, full_month, out=at_once, where=full_month > 0)
        months = np.interp(needed, done, np.arange(len(done)), right=np.inf)
        before = full_month * done[-2] - outlay
        final = full_month * done[-1] + self.residual - outlay
        gained = np.where(final > before, final - before, 1.0)
        months = np.where(before < 0, len(done) - 2 - before / gained, months)
        rounding = ZERO_FRACTION * (np.abs(full_month) * done[-1] + self.residual + outlay)
        return np.where(final < -rounding, np.inf, months)

    def _payback_month_by_month(self) -> NDArray[np.float64]:
        """The same where totals need not move one way; the last crossing counts."""
        flows = [self._flow(month) for month in range(1, len(self.ramp) + 1)]
        rounding = -ZERO_FRACTION * self._moved()
        total = np.atleast_1d(np.subtract(0.0, self.outlay) + np.zeros(np.shape(rounding)))
        below = total < rounding
        months = np.zeros(np.shape(total))
        for month, flow in enumerate(flows, start=1):
            after = total + flow
            below_after = after < rounding
            crossed = np.flatnonzero(below & ~below_after)
            if len(crossed):
                missing = -total[crossed]
                months[crossed] = month - 1 + missing / (after[crossed] + missing)
            total, below = after, below_after
        return np.where(below, np.inf, months)

    def _moved(self) -> Amount:
        """Sum of what comes and goes, signs aside; no less than that of any month's total."""
        moved = np.abs(self.outlay) + np.abs(self.residual)
        moved = moved + np.abs(self.full_month) * float(self.ramp.sum())
        for fixed in self.fixed:
            moved = moved + np.abs(fixed.amount) * float(np.abs(fixed.monthly_factor).sum())
        return cast(Amount, moved)

    def _flow(self, month: int) -> Amount:
        flow: Amount = self.full_month * float(self.ramp[month - 1])
        for fixed in self.fixed:
            flow = flow + fixed.amount * float(fixed.monthly_factor[month - 1])
        return flow + self.residual if month == len(self.ramp) else flow

    def cumulative(self, draws: int) -> NDArray[np.float64]:
        """Running total of the first draws, shape (months 0 to the horizon, draws)."""
        outlay = np.broadcast_to(self.outlay, np.shape(self.outlay) or (draws,))[:draws]
        full_month = np.broadcast_to(self.full_month, np.shape(self.full_month) or (draws,))
        done = np.concatenate([[0.0], np.cumsum(self.ramp)])
        totals = np.multiply.outer(done, full_month[:draws]) - outlay
        residual = np.asarray(self.residual)
        totals[-1] += residual[:draws] if residual.ndim else residual
        for flow in self.fixed:
            amount = np.broadcast_to(flow.amount, np.shape(flow.amount) or (draws,))[:draws]
            totals[1:] += np.multiply.outer(np.cumsum(flow.monthly_factor), amount)
        return np.asarray(totals, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What no draw changes.

    Attributes:
        comparison: One training today and under the candidate.
        pilot_device_cost: In the review's currency, the sweep included.
        assumptions: Ramp, horizon and switches; uncertain ones are passed to `outcome`.
    """

    comparison: TrainingComparison
    pilot_device_cost: float
    assumptions: Assumptions

    def outcome(self, time_ratio: Amount, inputs: Mapping[str, Amount]) -> Outcome:
        """The plan's flows at a time ratio, for values or draws of the assumptions."""
        assumed, kept = self.assumptions, 1 - self.assumptions.tax_fraction
        bought = self.comparison.bought
        bought_residual = bought.residual.amount if bought else 0.0
        costs = investment_costs(
            self.comparison,
            pilot_device_cost=self.pilot_device_cost,
            inputs=inputs,
        )
        if not assumed.count_sunk_pilot_cost:
            costs = {key: cost for key, cost in costs.items() if key not in PILOT_LINES}
        hardware = costs.pop(HARDWARE_LINE)
        worth = value_amounts(self.comparison, time_ratio=time_ratio, inputs=inputs)
        return Outcome(
            outlay=hardware + kept * sum(costs.values(), start=0.0),
            full_month=kept * inputs["trainings_per_month"] * sum(worth.values(), start=0.0),
            residual=kept * (inputs["hardware_residual"] + bought_residual),
            discount_rate_fraction=inputs["discount_rate_per_year"],
            ramp=ramp_fractions(assumed),
            fixed=self._fixed(hardware),
        )

    def _fixed(self, hardware: Amount) -> tuple[FixedFlow, ...]:
        """Upkeep, and the tax that writing off saves, a share of what the hardware costs."""
        assumed, bought = self.assumptions, self.comparison.bought
        flows = []
        if bought is not None:
            upkeep = bought.maintenance_per_month.amount * (1 - assumed.tax_fraction)
            flows.append(FixedFlow(amount=-upkeep, monthly_factor=np.ones(assumed.horizon_months)))
        typical = float(np.mean(hardware))
        if assumed.tax_fraction and typical:
            price = Money(amount=typical, currency=assumed.currency)
            saved = tax_saved_by_month(price, assumed) / typical
            flows.append(FixedFlow(amount=hardware, monthly_factor=saved))
        return tuple(flows)
