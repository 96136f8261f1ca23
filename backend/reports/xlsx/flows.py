"""Cash flows by month as formulas: what all candidates share, and each one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.reports.xlsx.months import Column, MonthTable
from backend.reports.xlsx.term import (
    Term,
    as_term,
    at_place,
    both,
    choose,
    counted,
    largest,
    least,
    magnitude,
    missing,
    most,
    rounded_down,
    smallest,
    total,
    total_of_products,
)
from backend.reports.xlsx.training import Inputs, Keep
from planner.economics.cashflow import MONTHS_PER_YEAR, ZERO_FRACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What is paid and received however many trainings there are.

    Attributes:
        hardware: Part of the outlay that is written off over years.
        counted: Whole outlay before tax.
        upkeep: A month.
        residual: At the horizon.
        written_off: By year.
    """

    hardware: Term
    counted: Term
    upkeep: Term
    residual: Term
    written_off: Sequence[Term]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMonths:
    """Columns that all candidates share, and what follows from them.

    Attributes:
        month: 0 to the last.
        before_horizon: Month less the horizon; 0 after it.
        ramp: Share of the full number of trainings.
        beside: What comes and goes beside trainings, after tax.
        factor: Worth in month 0 of one unit.
        outlay: Of month 0, after tax.
        present_trainings: Months of full trainings, each at its present worth.
        beside_worth: Present worth of all that is beside trainings.
    """

    month: Column
    before_horizon: Column
    ramp: Column
    upkeep: Column
    residual: Column
    tax_saved: Column
    beside: Column
    factor: Column
    outlay: Term
    present_trainings: Term
    beside_worth: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackTerms:
    """When the money is back.

    Attributes:
        months: A number, or the word for never.
        lost: First crossing that did not last; an empty text where there was none.
    """

    months: Term
    lost: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMonths:
    """Columns of one candidate.

    Attributes:
        worth: Of the month's trainings, after tax.
        flow: All together.
        total: Running total.
        discounted: Running total of the flows at their worth in month 0.
        npv: Their sum.
        payback: Simple.
        discounted_payback: Of the discounted flows.
    """

    worth: Column
    flow: Column
    total: Column
    discounted_flow: Column
    discounted: Column
    npv: Term
    payback: PaybackTerms
    discounted_payback: PaybackTerms


def horizon_within(inputs: Inputs, last_month: int, keep: Keep) -> Term:
    """The horizon; not available where the table does not reach it, so that nothing is cut off."""
    horizon = inputs["horizon_months"]
    whole = rounded_down(horizon).same_as(horizon)
    reached = both(whole, horizon >= 1.0, horizon <= float(last_month))
    return keep("horizon", choose(reached, horizon, missing()), "count")


def shared_months(table: MonthTable, paid: Paid, inputs: Inputs, keep: Keep) -> SharedMonths:
    """Everything by month that no candidate changes."""
    horizon = inputs["horizon_months"]
    kept = 1.0 - inputs["tax_fraction"]
    factor = keep("discount_factor", _monthly_factor(inputs), "exact")
    month = table.column("month", lambda place, _: float(place), "count")
    at = month.cells
    before = table.column(
        "before_horizon", lambda place, _: least(0.0, at[place] - horizon), "count"
    )
    steps = most(1.0, inputs["ramp_months"])

    def within(place: int, found: Term) -> Term | float:
        return choose(at[place] <= horizon, found, 0.0) if place else 0.0

    def at_end(place: int, found: Term) -> Term:
        return choose(at[place].same_as(horizon), found, 0.0)

    ramp = table.column(
        "ramp", lambda place, _: within(place, least(1.0, at[place] / steps)), "percent"
    )
    upkeep = table.column("upkeep", lambda place, _: within(place, -(kept * paid.upkeep)))
    residual = table.column(
        "residual", lambda place, _: at_end(place, kept * paid.residual) if place else 0.0
    )
    off = table.column("written_off", lambda place, _: within(place, _written_off(paid, place)))
    rest = keep("left_on_books", paid.hardware - total(off.block), "money")
    saved = table.column(
        "tax_saved",
        lambda place, _: (
            inputs["tax_fraction"] * (off.cells[place] + at_end(place, rest)) if place else 0.0
        ),
    )
    beside = table.column(
        "beside", lambda place, _: upkeep.cells[place] + residual.cells[place] + saved.cells[place]
    )
    factors = table.column("factor", lambda place, _: factor ** at[place], "exact")
    return SharedMonths(
        month=month,
        before_horizon=before,
        ramp=ramp,
        upkeep=upkeep,
        residual=residual,
        tax_saved=saved,
        beside=beside,
        factor=factors,
        outlay=keep("outlay", paid.hardware + kept * (paid.counted - paid.hardware), "money"),
        present_trainings=keep(
            "present_trainings", total_of_products(ramp.block, factors.block), "decimal"
        ),
        beside_worth=keep("beside_worth", total_of_products(beside.block, factors.block), "money"),
    )


def own_months(
    table: MonthTable, shared: SharedMonths, full_month: Term, inputs: Inputs, never: str
) -> OwnMonths:
    """Flows of one candidate.

    Args:
        table: To which its columns are added.
        shared: What it has in common with the others.
        full_month: Worth of a month with all its trainings, after tax.
        inputs: For the horizon.
        never: Word for a payback that is not within the horizon.
    """
    horizon = inputs["horizon_months"]
    worth = table.column(
        "worth", lambda place, _: full_month * shared.ramp.cells[place] if place else 0.0
    )
    flow = table.column(
        "flow",
        lambda place, _: (
            worth.cells[place] + shared.beside.cells[place] if place else -shared.outlay
        ),
    )
    running = _running(table, "total", flow)
    payback = _payback(table, flow, running, horizon, never)
    discounted_flow = table.column(
        "discounted_flow", lambda place, _: flow.cells[place] * shared.factor.cells[place]
    )
    discounted = _running(table, "discounted_total", discounted_flow)
    return OwnMonths(
        worth=worth,
        flow=flow,
        total=running,
        discounted_flow=discounted_flow,
        discounted=discounted,
        npv=total(discounted_flow.block),
        payback=payback,
        discounted_payback=_payback(table, discounted_flow, discounted, horizon, never),
    )


def _monthly_factor(inputs: Inputs) -> Term:
    return (inputs["discount_rate_per_year"] + 1.0) ** (as_term(-1.0) / MONTHS_PER_YEAR)


def _written_off(paid: Paid, place: int) -> Term:
    """A twelfth of its year's amount; nothing after the useful life."""
    year = (place - 1) // MONTHS_PER_YEAR
    return (
        paid.written_off[year] / MONTHS_PER_YEAR if year < len(paid.written_off) else as_term(0.0)
    )


def _running(table: MonthTable, key: str, flow: Column) -> Column:
    return table.column(
        key,
        lambda place, above: above[-1] + flow.cells[place] if place else flow.cells[0],
    )


def _payback(
    table: MonthTable, flow: Column, running: Column, horizon: Term, never: str
) -> PaybackTerms:
    """``k-1 + (-C_{k-1})/CF_k`` at the last crossing; what only rounding makes negative is zero."""
    moved = table.column(
        "moved",
        lambda place, above: (
            above[-1] + magnitude(flow.cells[place]) if place else magnitude(flow.cells[0])
        ),
    )
    below = table.column(
        "below",
        lambda place, _: choose(
            running.cells[place] < -(moved.cells[place] * ZERO_FRACTION), 1.0, 0.0
        ),
        "count",
    )
    crossed = table.column(
        "crossing", lambda place, _: _crossing(flow, running, below, place), "months"
    )
    ends_below = at_place(below.block, horizon + 1.0).same_as(1.0)
    found = choose(ends_below, never, choose(total(below.block) > 0.0, largest(crossed.block), 0.0))
    held = choose(ends_below, 0.0, 1.0)
    lost = choose(counted(crossed.block) > held, smallest(crossed.block), "")
    return PaybackTerms(months=found, lost=lost)


def _crossing(flow: Column, running: Column, below: Column, place: int) -> Term | str:
    if not place:
        return ""
    rises = both(below.cells[place - 1].same_as(1.0), below.cells[place].same_as(0.0))
    missing = running.cells[place - 1] / flow.cells[place]
    return choose(rises, (place - 1.0) - missing, "")
