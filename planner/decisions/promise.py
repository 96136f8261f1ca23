"""What a review promises about one candidate: the curve that production is held against."""

from dataclasses import dataclass

from planner.economics.cashflow import CashFlows
from planner.economics.investment import flows_beside_trainings, worth_per_hour_saved
from planner.economics.propagation import CumulativeBand
from planner.money import Money
from planner.reviews.review import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was promised, and what a training of today is worth to compare with.

    Attributes:
        schedule: The candidate.
        cumulative: Running total by month from 0: as promised, with its P10 to P90 band.
        value_per_training: What each training saves, all three lines, after tax.
        payback_months: As promised; None for never.
        today_h: Hours of one training under the baseline.
        today_cost: Device cost of it.
        price_per_device_h: Price of a device-hour under the candidate.
        worth_per_saved_hour: Of people and of an earlier result; devices apart.
        kept_fraction: Share of a saving that is left after tax.
        beside: What comes and goes however many trainings there are, after tax, by month: upkeep,
            tax that writing off saves, residual. None in promises that were made without it.
    """

    schedule: str
    cumulative: CumulativeBand
    value_per_training: Money
    payback_months: float | None
    today_h: float
    today_cost: Money
    price_per_device_h: Money
    worth_per_saved_hour: Money
    kept_fraction: float = 1.0
    beside: CashFlows | None = None

    @property
    def outlay(self) -> Money:
        """What was to be spent before the first training; not negative."""
        return Money(amount=-self.cumulative.mid[0], currency=self.cumulative.currency)


def promise_of(review: Review, schedule: str) -> Promise | None:
    """What a review promises about a candidate; None where its case cannot be computed."""
    case = next((found.case for found in review.schedules if found.schedule == schedule), None)
    if case is None or review.today is None:
        return None
    band = case.propagation.cumulative
    kept = 1 - review.assumptions.tax_fraction
    return Promise(
        schedule=schedule,
        cumulative=CumulativeBand(
            currency=band.currency, low=band.low, mid=case.flows.cumulative, high=band.high
        ),
        value_per_training=case.value.total * kept,
        payback_months=case.payback.months,
        today_h=review.today.training_h,
        today_cost=review.today.cost_today,
        price_per_device_h=review.today.candidate_price,
        worth_per_saved_hour=Money(
            amount=worth_per_hour_saved(review.assumptions), currency=review.assumptions.currency
        ),
        kept_fraction=kept,
        beside=flows_beside_trainings(case.investment, review.assumptions),
    )
