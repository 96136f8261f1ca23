"""The time to the target of a schedule in words, with how sure it is."""

from planner.reviews.measured import Measured
from wording.catalogue import say
from wording.language import Language
from wording.times import duration


def time_value(measured: Measured, language: Language) -> str:
    """Geometric mean where every run arrived, else the median, else more than the budget."""
    if not measured.runs:
        return say("page.review.none", language)
    if measured.time_to_target_s is not None:
        return duration(measured.time_to_target_s.mid, language)
    if measured.median_time_to_target_s is not None:
        return duration(measured.median_time_to_target_s, language)
    budget = duration(measured.budget_s, language)
    return say("format.more_than", language, value=budget)


def time_range(measured: Measured, language: Language) -> str:
    """The 90 % interval of that mean; empty without one."""
    interval = measured.time_to_target_s
    if interval is None:
        return ""
    low, high = duration(interval.low, language), duration(interval.high, language)
    return say("format.range", language, low=low, high=high)
