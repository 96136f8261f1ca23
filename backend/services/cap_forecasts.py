"""What is expected of caps in the end, by the composed times of what is planned."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from backend.repositories import pilots
from backend.services import budget
from backend.tables import PilotRow
from backend.unit_of_work import UnitOfWork
from planner.economics.cost import SECONDS_PER_HOUR
from planner.pilots.cap_use import CapUse, amount_of, spent_at, with_more


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthForecast:
    """The caps of the month, and how many pilots their forecast leaves out.

    Attributes:
        uses: With what is expected once every pilot that is not over has ended.
        pilots_unknown: Pilots that still measure how fast their device is.
    """

    uses: tuple[CapUse, ...]
    pilots_unknown: int


def of_month(work: UnitOfWork) -> MonthForecast:
    """What is used, and what every pilot that is not over still needs.

    Pilots are taken to end this month, and none to stop at a cap of its own.
    """
    found = [replace(use, expected=use.used) for use in budget.month_uses(work)]
    rows = pilots.not_over(work.session) if found else ()
    spent = budget.spent_each(work, rows)
    unknown = 0
    for row in rows:
        if row.expected_device_h is None:
            unknown += 1
            continue
        left_h = max(0.0, row.expected_device_h - spent[row.id].device_h)
        more = spent_at(budget.terms_of(row), seconds=left_h * SECONDS_PER_HOUR)
        found = [with_more(use, more, budget.rates_of(row)) for use in found]
    return MonthForecast(uses=tuple(found), pilots_unknown=unknown)


def of_pilot(work: UnitOfWork, row: PilotRow) -> tuple[CapUse, ...]:
    """The caps of a pilot as a whole: at least what is used is expected."""
    needed_h = row.expected_device_h
    needed_s = None if needed_h is None else needed_h * SECONDS_PER_HOUR
    return tuple(_expecting(budget.pilot_uses(work, row), row, needed_s))


def of_run(
    work: UnitOfWork, row: PilotRow, run_id: str, *, needed_s: float | None
) -> tuple[CapUse, ...]:
    """The caps of one run that needs so many seconds of a device in all."""
    return tuple(_expecting(budget.run_uses(work, row, run_id), row, needed_s))


def _expecting(found: Iterable[CapUse], row: PilotRow, needed_s: float | None) -> Iterable[CapUse]:
    if needed_s is None:
        return found
    terms, rates = budget.terms_of(row), budget.rates_of(row)
    need = spent_at(terms, seconds=needed_s)
    return (
        replace(use, expected=max(use.used, amount_of(use, need, rates)))
        if terms.counts(use.unit)
        else use
        for use in found
    )
