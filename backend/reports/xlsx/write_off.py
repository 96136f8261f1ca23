"""How hardware is written off, year by year, as formulas."""

from collections.abc import Mapping
from typing import NamedTuple

from backend.reports.xlsx.given import choice_words
from backend.reports.xlsx.term import (
    Term,
    as_term,
    choose,
    contrary,
    either,
    least,
    most,
    rounded_down,
)
from backend.reports.xlsx.training import Inputs, Keep
from planner.economics.depreciation import MEMORANDUM_VALUE, RATES_BY_LIFE, DepreciationRates
from wording.language import Language

_WHOLE = 1e-6
"""Added before a fraction of a unit is cut off."""

LONGEST_LIFE_YEARS = max(RATES_BY_LIFE)


class _Book(NamedTuple):
    """The declining balance at the start of a year."""

    value: Term
    guaranteed_from: Term
    revised: Term


def written_off_terms(hardware: Term, inputs: Inputs, keep: Keep, language: Language) -> list[Term]:
    """Depreciation in each year, down to the memorandum value; nothing after the useful life."""
    life = inputs["useful_life_years"]
    straight = inputs["depreciation"].same_as(choice_words("depreciation", language)[0])
    rates = _rates(life)
    declining = _declining(hardware, rates, keep)
    left, years = hardware, []
    for place, falling in enumerate(declining, start=1):
        amount = choose(straight, hardware * rates["straight_line_fraction"], falling)
        whole = least(rounded_down(amount + _WHOLE), left - MEMORANDUM_VALUE)
        found = choose(life < float(place), 0.0, most(0.0, whole))
        years.append(keep(f"written_off_{place}", found, "money"))
        left = keep(f"left_{place}", left - years[-1], "money")
    return years


def _declining(hardware: Term, rates: Mapping[str, Term], keep: Keep) -> list[Term]:
    """Amounts of the declining balance; from the guarantee on, the revised one each year."""
    guaranteed = hardware * rates["guarantee_fraction"]
    book = _Book(value=hardware, guaranteed_from=as_term(0.0), revised=as_term(0.0))
    amounts = []
    for place in range(1, LONGEST_LIFE_YEARS + 1):
        falling = book.value * rates["declining_fraction"]
        was = book.guaranteed_from.same_as(1.0)
        now = keep(
            f"guaranteed_{place}", choose(either(was, falling < guaranteed), 1.0, 0.0), "count"
        )
        revised = keep(
            f"revised_{place}",
            choose(contrary(was), book.value * rates["revised_fraction"], book.revised),
            "money",
        )
        amounts.append(
            keep(f"falling_{place}", choose(now.same_as(1.0), revised, falling), "money")
        )
        value = keep(f"book_{place}", book.value - amounts[-1], "money")
        book = _Book(value=value, guaranteed_from=now, revised=revised)
    return amounts


def _rates(life: Term) -> dict[str, Term]:
    """Rates of the chosen useful life."""
    lives = sorted(RATES_BY_LIFE.items())
    found = {}
    for name in DepreciationRates.__slots__:
        term: Term | float = float(getattr(lives[0][1], name))
        for years, rates in lives[1:]:
            term = choose(life.same_as(float(years)), float(getattr(rates, name)), term)
        found[name] = as_term(term)
    return found
