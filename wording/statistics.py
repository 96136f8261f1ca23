"""What the seeds say of a schedule, in words: a name, a value with its range, and its meaning."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.inference.quality import QualityVerdict
from planner.inference.statistics import FEWEST_PAIRS_FOR_BOOTSTRAP, Interval
from planner.inference.success import SuccessCostRatio
from planner.reviews.comparison import Comparison
from planner.reviews.measured import Measured
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.verdict import VerdictFacts
from planner.reviews.wall_clock import LARGEST_GAP_FRACTION, ClockGap, clock_gap
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, percent, ratio
from wording.times import duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One line: what it is called, what it is, and how it is to be read."""

    label: str
    value: str
    meaning: str


def statistics_of(review: Review, reviewed: ScheduleReview, language: Language) -> list[Statistic]:
    """Everything that the seeds say of one schedule; what does not apply is left out."""
    own = [clock for clock in review.run_clocks if clock.schedule == reviewed.schedule]
    gap = clock_gap(own)
    return [
        *_measured(reviewed.measured, language),
        *([_wall_clock(gap, language)] if gap else ()),
        *(_compared(reviewed.comparison, language) if reviewed.comparison else ()),
        *(_looks(reviewed.verdict, language) if reviewed.verdict else ()),
    ]


def _line(name: str, value: str, language: Language, **params: str | float) -> Statistic:
    return Statistic(
        label=say(f"statistic.name.{name}", language),
        value=value,
        meaning=say(f"statistic.meaning.{name}", language, **params),
    )


def _measured(measured: Measured, language: Language) -> Iterator[Statistic]:
    low, high = measured.hit_rate_low_fraction, measured.hit_rate_high_fraction
    if low is None or high is None or measured.restricted_mean_time_s is None:
        return
    budget = duration(measured.budget_s, language)
    reached = measured.reached / measured.runs
    mid, lower, upper = (percent(share, language) for share in (reached, low, high))
    yield _line("hit_rate", _interval(mid, lower, upper, language), language)
    median = measured.median_time_to_target_s
    undefined = say("statistic.not_defined", language)
    yield _line("median", undefined if median is None else duration(median, language), language)
    restricted = duration(measured.restricted_mean_time_s, language)
    yield _line("restricted_mean", restricted, language, budget=budget)
    olympic = measured.olympic_mean_time_to_target_s
    if olympic is not None:
        yield _line("olympic_mean", duration(olympic, language), language)
    each = measured.time_per_success_s
    if each is not None:
        mid, lower, upper = (duration(end, language) for end in (each.mid, each.low, each.high))
        yield _line("time_per_success", _interval(mid, lower, upper, language), language)


def _wall_clock(found: ClockGap, language: Language) -> Statistic:
    gap = percent(found.gap_fraction, language, decimals=1, signed=True)
    value = gap
    if found.flagged:
        value = say(
            "statistic.gap_flagged", language, gap=gap, flagged=found.flagged, runs=found.runs
        )
    return _line("wall_clock", value, language, limit=percent(LARGEST_GAP_FRACTION, language))


def _compared(found: Comparison, language: Language) -> Iterator[Statistic]:
    if found.time_ratio is not None:
        yield _line("time_ratio", _ratios(found.time_ratio, language), language, pairs=found.pairs)
    if found.bootstrap_time_ratio is not None:
        shown = _ratios(found.bootstrap_time_ratio, language)
        yield _line("bootstrap", shown, language, fewest=FEWEST_PAIRS_FOR_BOOTSTRAP)
    if found.mean_time_ratio is not None:
        yield _line("mean_ratio", _ratios(found.mean_time_ratio, language), language)
    if found.pairs_needed is not None:
        yield _line("pairs_needed", number(found.pairs_needed, language), language)
    if found.cost_per_success_ratio is not None:
        shown = _ratios(found.cost_per_success_ratio, language)
        yield _line("cost_per_success", shown, language, censored=found.censored_pairs)
    if found.quality is not None:
        yield _quality(found.quality, language)


def _quality(found: QualityVerdict, language: Language) -> Statistic:
    value = say(f"statistic.quality.{found.status}", language)
    if found.status == "unresolved" and found.seeds_needed is not None:
        value = say("statistic.quality.open", language, n=found.n, needed=found.seeds_needed)
    return _line("quality", value, language)


def _looks(verdict: VerdictFacts, language: Language) -> Iterator[Statistic]:
    value = say("statistic.look_of_looks", language, look=verdict.look, looks=verdict.looks)
    required = percent(verdict.required_probability, language, decimals=1)
    yield _line("looks", value, language, required=required)


def _ratios(found: Interval | SuccessCostRatio, language: Language) -> str:
    mid, low, high = (ratio(end, language) for end in (found.mid, found.low, found.high))
    return _interval(mid, low, high, language)


def _interval(mid: str, low: str, high: str, language: Language) -> str:
    return say("format.interval", language, value=mid, low=low, high=high)
