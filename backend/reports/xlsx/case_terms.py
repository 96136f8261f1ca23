"""Everything that a candidate's case says of itself, as formulas on the sheets that work it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.reports.xlsx.flows import OwnMonths, Paid, SharedMonths, own_months, shared_months
from backend.reports.xlsx.given import TIME_RATIO
from backend.reports.xlsx.months import MonthTable
from backend.reports.xlsx.rate_search import RateSearch
from backend.reports.xlsx.sheet import Book
from backend.reports.xlsx.term import Term, as_term, choose, either, total
from backend.reports.xlsx.training import (
    Inputs,
    Keep,
    Today,
    Worth,
    counted_terms,
    hours_at,
    investment_terms,
    training_today,
    worth_of,
)
from backend.reports.xlsx.workings import Workings
from backend.reports.xlsx.write_off import written_off_terms
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """What all candidates share.

    Attributes:
        today: One training today.
        lines: Of the investment, by key.
        counted: The same, at nothing where a line is not counted.
        together: Sum of what is counted.
        months: Columns by month.
    """

    today: Today
    lines: Mapping[str, Term]
    counted: Mapping[str, Term]
    together: Term
    months: SharedMonths


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTerms:
    """One candidate.

    Attributes:
        schedule: Its name.
        reviewed: What the review says of it.
        worth: One training with it.
        value: What that training is worth, all together.
        months: Columns by month.
        rate: Internal rate of return a year, or a word.
        roi: Return on investment, or a word.
        break_even: By key: trainings, time and price, each a number or a word.
    """

    schedule: str
    reviewed: ScheduleReview
    worth: Worth
    value: Term
    months: OwnMonths
    npv: Term
    payback: Term
    lost: Term
    discounted_payback: Term
    rate: Term
    roi: Term
    break_even: Mapping[str, Term]


def plan_terms(
    book: Book, review: Review, inputs: Inputs, workings: Workings, table: MonthTable
) -> PlanTerms:
    """The sheets' part that no candidate changes."""
    keep = workings.keeper(0)
    today = training_today(review, inputs, keep)
    lines = {
        key: keep(f"line_{key}", line, "money")
        for key, line in investment_terms(today, inputs).items()
    }
    counted = {
        key: keep(f"counted_{key}", line, "money") if line is not lines[key] else line
        for key, line in counted_terms(lines, inputs, book.language).items()
    }
    together = keep("counted", _sum(list(counted.values())), "money")
    paid = Paid(
        hardware=lines["hardware"],
        counted=together,
        upkeep=today.bought_upkeep,
        residual=inputs["hardware_residual"] + today.bought_residual,
        written_off=written_off_terms(lines["hardware"], inputs, keep, book.language),
    )
    months = shared_months(table, paid, inputs, keep)
    return PlanTerms(today=today, lines=lines, counted=counted, together=together, months=months)


def case_terms(
    book: Book,
    plan: PlanTerms,
    reviewed: ScheduleReview,
    inputs: Inputs,
    keep: Keep,
    *,
    place: int,
    table: MonthTable,
    search: RateSearch,
) -> CaseTerms:
    """The sheets' part about one candidate, whose time ratio is the input at ``place``."""
    table.whom(reviewed.schedule)
    hours = keep("hours", hours_at(plan.today, inputs, inputs[f"{TIME_RATIO}_{place}"]), "hours")
    worth = _kept(worth_of(plan.today, inputs, hours), keep)
    value = keep("value", worth.together, "money")
    kept = 1.0 - inputs["tax_fraction"]
    full = keep("full_month", kept * (inputs["trainings_per_month"] * value), "money")
    months = own_months(table, plan.months, full, inputs, book.words("never"))
    spent = plan.months.outlay
    gained = total(months.flow.block) / spent
    return CaseTerms(
        schedule=reviewed.schedule,
        reviewed=reviewed,
        worth=worth,
        value=value,
        months=months,
        npv=keep("npv", months.npv, "money"),
        payback=keep("payback", months.payback.months, "months"),
        lost=keep("lost", months.payback.lost, "months"),
        discounted_payback=keep("discounted_payback", months.discounted_payback.months, "months"),
        rate=keep("rate", search.rate(reviewed.schedule, months), "rate"),
        roi=keep("roi", choose(spent > 0.0, gained, book.words("not_defined")), "times"),
        break_even=_break_evens(book, plan, worth, inputs, keep, value=value),
    )


def _kept(worth: Worth, keep: Keep) -> Worth:
    return Worth(
        hours=worth.hours,
        cost=keep("cost", worth.cost, "money"),
        device_hours=keep("device_hours", worth.device_hours, "money"),
        engineer_hours=keep("engineer_hours", worth.engineer_hours, "money"),
        earlier_result=keep("earlier_result", worth.earlier_result, "money"),
    )


def _break_evens(
    book: Book, plan: PlanTerms, worth: Worth, inputs: Inputs, keep: Keep, *, value: Term
) -> dict[str, Term]:
    """Where the worth is nothing: it is a straight line in each of the three."""
    none, kept = book.words("none"), 1.0 - inputs["tax_fraction"]
    present = plan.months.present_trainings
    trainings = inputs["trainings_per_month"]
    fixed = keep("worth_without_trainings", plan.months.beside_worth - plan.months.outlay, "money")
    each = keep("worth_a_training", kept * present * value, "money")
    count = choose(fixed >= 0.0, 0.0, -fixed / each)
    at_no_time, at_todays = (
        worth_of(plan.today, inputs, hours_at(plan.today, inputs, as_term(ratio))).together
        for ratio in (0.0, 1.0)
    )
    month = kept * trainings * present
    fast = keep("worth_at_no_time", fixed + month * at_no_time, "money")
    slope = keep("worth_by_time", month * (at_todays - at_no_time), "money")
    price = _price_line(plan, worth, inputs, month)
    free = keep("worth_at_no_price", fixed + price[0], "money")
    by_price = keep("worth_by_price", price[1], "money")
    return {
        "trainings": keep("break_even_trainings", choose(each <= 0.0, none, count), "decimal"),
        "time": keep("break_even_time", _positive_zero(fast, slope, none), "percent"),
        "price": keep("break_even_price", _positive_zero(free, by_price, none), "price"),
    }


def _price_line(plan: PlanTerms, worth: Worth, inputs: Inputs, month: Term) -> tuple[Term, Term]:
    """What the price of a device-hour adds to the worth: at no price, and by each unit of it."""
    today, kept = plan.today, 1.0 - inputs["tax_fraction"]
    used = inputs["candidate_device_count"] * worth.hours
    trainings = inputs["retuning_trainings"] + inputs["validation_trainings"]
    priced = plan.counted["retuning"] + plan.counted["validation"]
    saved_h = inputs["device_count"] * today.hours
    others = worth.engineer_hours + worth.earlier_result
    if plan.today.own_candidate_price:
        others = others - worth.cost
    else:
        saved_h = saved_h - used
    at_none = kept * priced + month * others
    by_unit = month * saved_h - kept * (trainings * inputs["device_count"] * today.hours)
    return at_none, by_unit


def _positive_zero(at_none: Term, slope: Term, none: str) -> Term:
    """Positive argument at which a line is zero, or the word for none."""
    nowhere = either(slope.same_as(0.0), at_none * slope >= 0.0)
    return choose(nowhere, none, -at_none / slope)


def _sum(terms: Sequence[Term]) -> Term:
    found = terms[0]
    for term in terms[1:]:
        found = found + term
    return found
