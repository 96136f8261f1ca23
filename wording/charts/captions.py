"""Title, subtitle with its unit, and note of every chart of a review."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from planner.chart import Chart
from planner.reviews.convergence import CHARTS
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.sweep import RateRanking
from wording.catalogue import say
from wording.charts.axis_spans import spans
from wording.labels import axis_label
from wording.language import Language
from wording.money import compact_money
from wording.numbers import number, ratio
from wording.quantities import metric_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is written around a chart.

    Attributes:
        title: What it is.
        subtitle: What it shows and in which unit.
        note: A sentence below it; empty for nothing.
        mark: What stands beside its break-even mark; empty for nothing.
    """

    title: str
    subtitle: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a caption may read.

    Attributes:
        review: The whole.
        reviewed: The candidate that all is about.
        language: Of the reader.
    """

    review: Review
    reviewed: ScheduleReview
    language: Language


def caption(chart: Chart, told: Told) -> Caption:
    """The caption of one of the charts of a review."""
    return _CAPTIONS[chart.key](chart, told)


def _unit(chart: Chart, told: Told, *, axis: int = 1) -> str:
    return spans(chart, told.language)[axis].scale.unit


def _payback(chart: Chart, told: Told) -> Caption:
    case = told.reviewed.case
    mark = ""
    if case and case.payback.months:
        month = number(case.payback.months, told.language, decimals=1)
        mark = say("page.review.break_even_mark", told.language, month=month)
    return _captioned(chart, told, "page.review.payback_subtitle", mark=mark)


def _time_against_cost(chart: Chart, told: Told) -> Caption:
    return _captioned(chart, told, "page.review.saving_subtitle")


def _tornado(chart: Chart, told: Told) -> Caption:
    case = told.reviewed.case
    note = say("page.review.tornado_note_single", told.language)
    if case is not None and len(chart.series) > 1:
        scenarios = case.propagation.scenarios
        worst, base, best = (
            compact_money(found.amount, found.currency, told.language)
            for found in (scenarios.pessimistic, scenarios.base, scenarios.optimistic)
        )
        note = say("page.review.tornado_note", told.language, worst=worst, base=base, best=best)
    unit = _unit(chart, told, axis=0)
    return Caption(
        title=say("chart.tornado.title", told.language),
        subtitle=say("page.review.tornado_subtitle", told.language, unit=unit),
        note=note,
    )


def _survival(chart: Chart, told: Told) -> Caption:
    return _captioned(chart, told, "page.review.survival_subtitle")


def _sweep(chart: Chart, told: Told) -> Caption:
    note = ranking_sentence(told.review.rankings, told.language)
    return _captioned(chart, told, "page.review.sweep_subtitle", note=note)


def _convergence(chart: Chart, told: Told) -> Caption:
    language, target = told.language, told.review.target
    shown = {series.name for series in chart.series}
    missing = [found.schedule for found in told.review.schedules if found.schedule not in shown]
    note = ""
    if missing and chart.key == CHARTS["money"]:
        note = say("page.review.money_unpriced", language, schedules=", ".join(missing))
    return Caption(
        title=say("chart.convergence.title", language),
        subtitle=say(
            "page.review.convergence_subtitle",
            language,
            metric=axis_label(chart.y.label, "", language),
            target=metric_text(target.metric, target.value, language),
        ),
        note=note,
    )


def _captioned(
    chart: Chart, told: Told, subtitle: str, *, note: str = "", mark: str = ""
) -> Caption:
    return Caption(
        title=say(f"chart.{chart.key}.title", told.language),
        subtitle=say(subtitle, told.language, unit=_unit(chart, told)),
        note=note,
        mark=mark,
    )


_CAPTIONS: dict[str, Callable[[Chart, Told], Caption]] = {
    "payback": _payback,
    "time_against_cost": _time_against_cost,
    "tornado": _tornado,
    "survival": _survival,
    "sweep": _sweep,
    **dict.fromkeys(CHARTS.values(), _convergence),
}


def ranking_sentence(rankings: tuple[RateRanking, ...], language: Language) -> str:
    """Which schedule is the fastest at which rate, and whether that flips."""
    rates: dict[str, list[str]] = {}
    for ranking in rankings:
        if ranking.fastest_first:
            shown = ratio(ranking.rate_multiplier, language, decimals=1)
            rates.setdefault(ranking.fastest_first[0], []).append(shown)
    if len(rates) == 1:
        return say("page.review.ranking_one", language, schedule=next(iter(rates)))
    parts = [
        say("page.review.ranking_part", language, rates=", ".join(found), schedule=schedule)
        for schedule, found in rates.items()
    ]
    if not parts:
        return ""
    listed = reduce(
        lambda first, second: say("page.review.ranking_two", language, first=first, second=second),
        parts,
    )
    return say("page.review.ranking_flips", language, parts=listed)
