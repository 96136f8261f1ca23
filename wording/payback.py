"""A payback in words, for cards and tables."""

from planner.economics.business_case import BusinessCase
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number
from wording.review import payback_band
from wording.times import months


def payback_value(value: float | None, language: Language) -> str:
    """A payback for cards and tables."""
    if value is None:
        return say("format.never", language)
    return months(value, language) if value > 0 else say("format.immediate", language)


def payback_range(case: BusinessCase, language: Language) -> str:
    """P10 to P90 of the payback; empty where it is never within the horizon."""
    low, _, high = payback_band(case)
    return payback_span(low, high, language)


def payback_span(low: float | None, high: float | None, language: Language) -> str:
    """Two ends of a payback in months, the unit said once; empty where the lower one is never."""
    if low is None:
        return ""
    ends = (
        number(low, language, decimals=1),
        say("format.never", language) if high is None else months(high, language),
    )
    return say("format.range", language, low=ends[0], high=ends[1])
