"""Internal rate of return as formulas that find it as the review does, and count the rates.

A spreadsheet's own function finds one rate near a guess. Here the worth is looked at over the same
width of discount factors as in the review, its changes of sign are counted, and a single one is
closed in by halving. Two rates that lie within one step of the grid are not told apart.
"""

from collections.abc import Sequence
from itertools import pairwise

from backend.reports.xlsx.flows import OwnMonths, SharedMonths
from backend.reports.xlsx.looks import HEADING, MUTED
from backend.reports.xlsx.sheet import Book
from backend.reports.xlsx.term import (
    Term,
    at_place,
    both,
    choose,
    exponential,
    largest,
    place_of_one,
    smallest,
    total,
    total_discounted,
)
from planner.economics.cashflow import MONTHS_PER_YEAR

WIDEST_LOG_FACTOR = 50.0
"""Of a month, on either side of 0, as in the review."""

_HALF_STEPS = 100
_HALVINGS = 60
_FIRST_ROW = 4
_COLUMNS = 6


class RateSearch:
    """The sheet on which rates are looked for: one block of columns a candidate."""

    def __init__(self, book: Book, shared: SharedMonths) -> None:
        self._book = book
        self._shared = shared
        self._sheet = book.sheet("rates", [14.0])
        self._sheet.text(0, 0, book.words("rates.title"), HEADING)
        self._sheet.text(1, 0, book.words("rates.note"), MUTED, {"text_wrap": False})
        self._sheet.page.freeze_panes(_FIRST_ROW, 1)
        self._sheet.heads(_FIRST_ROW - 1, [book.words("rates.log_factor")], texts=())
        self._grid = [
            self._sheet.put(_FIRST_ROW + place, 0, log, "exact")
            for place, log in enumerate(_log_factors())
        ]
        self._sheet.for_working()
        self._next = 1

    def rate(self, name: str, own: OwnMonths) -> Term:
        """Rate of return a year, or the word for none or for several.

        Args:
            name: Of the candidate, over its columns.
            own: Its flows.
        """
        sheet, words, first = self._sheet, self._book.words, self._next
        self._next += _COLUMNS
        sheet.columns(first, first + _COLUMNS - 1, 15)
        sheet.text(_FIRST_ROW - 2, first, name, HEADING)
        keys = ("worth", "change", "low", "high", "middle", "worth_in_middle")
        sheet.heads(_FIRST_ROW - 1, [words(f"rates.{key}") for key in keys], texts=(), column=first)
        worths = [
            sheet.put(_FIRST_ROW + place, first, self._worth(own, log), "exact")
            for place, log in enumerate(self._grid)
        ]
        changes = [
            sheet.put(_FIRST_ROW + place, first + 1, _changes(here, after), "count")
            for place, (here, after) in enumerate(pairwise(worths))
        ]
        block = sheet.block(_FIRST_ROW, first + 1, changes)
        found = total(block)
        place = choose(found > 0.0, place_of_one(block), 1.0)
        grid = sheet.block(_FIRST_ROW, 0, self._grid)
        ends = [at_place(grid, place), at_place(grid, place + 1.0)]
        root = self._halved(own, ends, first + 2)
        several = self._book.words("several")
        one = choose(found > 1.0, several, exponential(root * -float(MONTHS_PER_YEAR)) - 1.0)
        flows = own.flow.block
        both_ways = both(smallest(flows) < 0.0, largest(flows) > 0.0, found > 0.0)
        return choose(both_ways, one, self._book.words("none"))

    def _halved(self, own: OwnMonths, ends: Sequence[Term], column: int) -> Term:
        """The log factor at which the worth changes its sign."""
        sheet, row = self._sheet, _FIRST_ROW
        low, high = (sheet.put(row, column + place, end, "exact") for place, end in enumerate(ends))
        rises = choose(self._worth(own, low) >= 0.0, 1.0, 0.0)
        start = sheet.put(row + _HALVINGS + 1, column + 3, rises, "count").same_as(1.0)
        for step in range(_HALVINGS):
            middle = sheet.put(row + step, column + 2, (low + high) / 2.0, "exact")
            worth = sheet.put(row + step, column + 3, self._worth(own, middle), "exact")
            with_low = (worth >= 0.0).same_as(start)
            low, high = (
                sheet.put(row + step + 1, column, choose(with_low, middle, low), "exact"),
                sheet.put(row + step + 1, column + 1, choose(with_low, high, middle), "exact"),
            )
        return (low + high) / 2.0

    def _worth(self, own: OwnMonths, log: Term) -> Term:
        """Worth at a log factor; above 0 scaled by its last power, which keeps sign and roots."""
        flows, shared = own.flow.block, self._shared
        return choose(
            log <= 0.0,
            total_discounted(flows, shared.month.block, log),
            total_discounted(flows, shared.before_horizon.block, log),
        )


def _log_factors() -> list[float]:
    """From one end to the other, closest around no interest at all."""
    places = range(-_HALF_STEPS, _HALF_STEPS + 1)
    return [WIDEST_LOG_FACTOR * (place / _HALF_STEPS) ** 3 for place in places]


def _changes(here: Term, after: Term) -> Term:
    same = (here >= 0.0).same_as(after >= 0.0)
    return choose(same, 0.0, 1.0)
