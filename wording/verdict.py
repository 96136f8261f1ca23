"""The verdict in words: what to do and why, what it is worth, what was measured, what is at risk.

Each function takes facts and returns whole sentences; what is not known is left out or said.
"""

from planner.economics.speed_up import FEWEST_PAIRS
from wording.catalogue import say
from wording.labels import metric_label
from wording.language import Language
from wording.numbers import number, percent
from wording.times import months

Band = tuple[float | None, float | None, float | None]
"""Low, middle and high; None is never."""

Interval = tuple[float, float, float]
"""Low, middle and high."""

_SMALLEST_SHOWN = 0.001

_OPEN_REASONS = frozenset(
    {
        "never_reached",
        "not_available",
        "nothing_priced",
        "exploratory",
        "selection_unfinished",
        "settle_assumption",
        "baseline_rate_unresolved",
        "quality_not_measured",
    }
)
"""Reasons that more seeds alone would not remove."""


def headline(
    language: Language, *, kind: str, reason: str, schedule: str, settle: str | None = None
) -> str:
    """What to do with a schedule, and why.

    Args:
        language: Of the reader.
        kind: ``adopt``, ``extend`` or ``do_not_adopt``.
        reason: Key below ``verdict.reason``.
        schedule: Name of the candidate.
        settle: Name of the assumption to be settled first, where that is the reason.
    """
    is_open = kind == "extend" and reason in _OPEN_REASONS
    assumption = say(f"assumption.{settle}", language) if settle is not None else ""
    return say(
        f"verdict.headline.{'open' if is_open else kind}",
        language,
        schedule=schedule,
        reason=say(f"verdict.reason.{reason}", language, assumption=assumption),
    )


def payback_sentence(
    language: Language, *, band: Band, limit_months: float, horizon_months: int
) -> str:
    """When the money is back, with its range."""
    low, mid, high = band
    horizon = say("format.months", language, months=horizon_months)
    if low is None:
        return say("verdict.money.never", language, horizon=horizon)
    if high == 0:
        return say("verdict.money.immediate", language)
    if mid is None:
        best = months(low, language) if low > 0 else say("format.immediate", language)
        return say("verdict.money.hardly", language, best=best, horizon=horizon)
    return say(
        "verdict.money.payback",
        language,
        payback=payback_text(language, band=(low, mid, high)),
        limit=say("format.months", language, months=limit_months),
    )


def payback_text(language: Language, *, band: Band) -> str:
    """A payback with its range, for tables and cards; the unit is said once, the first time."""
    low, mid, high = (_payback(value, language) for value in band)
    if low == mid == high:
        return mid
    if band[1]:
        low, high = _bare(band[0], language), _bare(band[2], language)
    elif band[0]:
        high = _bare(band[2], language)
    return say("format.interval", language, value=mid, low=low, high=high)


def probability_sentence(
    language: Language,
    *,
    npv_positive: float,
    payback_in_time: float,
    required: float,
    look: int,
    looks: int,
) -> str:
    """How sure it is, and how sure it has to be at this look."""
    return say(
        "verdict.money.probability",
        language,
        npv=probability_text(language, value=npv_positive),
        payback=probability_text(language, value=payback_in_time),
        required=probability_text(language, value=required),
        look=look,
        looks=looks,
    )


def probability_text(language: Language, *, value: float) -> str:
    """A probability in percent; never a certainty, which no number of draws could show."""
    if value > 1 - _SMALLEST_SHOWN:
        return say("format.more_than", language, value=percent(0.999, language, decimals=1))
    if value < _SMALLEST_SHOWN:
        return say("format.less_than", language, value=percent(0.001, language, decimals=1))
    return percent(value, language, decimals=1)


def measured_sentence(
    language: Language,
    *,
    schedule: str,
    time_ratio: Interval,
    cost: str | None,
) -> str:
    """What the pilot measured, where it claims a ratio of times.

    Args:
        language: Of the reader.
        schedule: Name of the candidate.
        time_ratio: Time to target over the baseline's.
        cost: Cost of one training, formatted; None where it is not known.
    """
    low, mid, high = (percent(value, language) for value in time_ratio)
    if cost is None:
        key = "verdict.measured.ratio_without_cost"
        return say(key, language, schedule=schedule, ratio=mid, low=low, high=high)
    return say(
        "verdict.measured.ratio",
        language,
        schedule=schedule,
        ratio=mid,
        low=low,
        high=high,
        cost=cost,
    )


def unclaimed_sentence(
    language: Language, *, schedule: str, reached: int, runs: int, pairs: int, censored_pairs: int
) -> str:
    """How many runs arrived, and why no ratio of times is claimed of them.

    Args:
        language: Of the reader.
        schedule: Name of the candidate.
        reached: Its runs that reached the target.
        runs: Its ended runs.
        pairs: Seeds that it and today's schedule have ended.
        censored_pairs: Of these, the ones where either did not reach the target.
    """
    why = "reached_at_once"
    if not runs:
        why = "no_run"
    elif reached < runs:
        why = "reached"
    elif censored_pairs:
        why = "reached_unlike_today"
    elif pairs < FEWEST_PAIRS:
        why = "reached_in_few"
    return say(
        f"verdict.measured.{why}",
        language,
        schedule=schedule,
        reached=reached,
        runs=runs,
        fewest=FEWEST_PAIRS,
    )


def quality_sentence(
    language: Language, *, metric: str, difference: Interval | None, tolerance: float
) -> str:
    """How far the final quality is from today's; positive is better, None is not settled."""
    name = metric_label(metric, language)
    allowed = difference_text(language, metric=metric, value=tolerance)
    if difference is None:
        return say("verdict.quality.unresolved", language, metric=name, tolerance=allowed)
    low, mid, high = (
        difference_text(language, metric=metric, value=value, signed=True) for value in difference
    )
    return say(
        "verdict.quality.difference",
        language,
        metric=name,
        difference=mid,
        low=low,
        high=high,
        tolerance=allowed,
    )


def quality_text(language: Language, *, metric: str, value: float) -> str:
    """A value of a metric: accuracies in percent, losses as they are."""
    if metric.endswith("accuracy"):
        return percent(value, language, decimals=1)
    return number(value, language, decimals=4)


def difference_text(language: Language, *, metric: str, value: float, signed: bool = False) -> str:
    """A difference of two values of a metric: of accuracies in percentage points."""
    if metric.endswith("accuracy"):
        points = number(value * 100, language, decimals=1, signed=signed)
        return say("format.points", language, value=points)
    return number(value, language, decimals=4, signed=signed)


def risk_sentence(language: Language, *, risk: str, assumption: str | None = None) -> str:
    """What could most likely prove the verdict wrong."""
    name = say(f"assumption.{assumption}", language) if assumption is not None else ""
    return say(
        "verdict.largest_risk.sentence",
        language,
        risk=say(f"verdict.largest_risk.{risk}", language, assumption=name),
    )


def _payback(value: float | None, language: Language) -> str:
    if value is None:
        return say("format.never", language)
    return months(value, language) if value > 0 else say("format.immediate", language)


def _bare(value: float | None, language: Language) -> str:
    """A payback where its unit is said already."""
    return number(value, language, decimals=1) if value else _payback(value, language)
