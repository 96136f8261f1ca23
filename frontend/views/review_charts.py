"""The charts of a review."""

from collections.abc import Sequence
from functools import reduce

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from frontend.axis_spans import spans
from frontend.bars_figure import Words, bars_figure
from frontend.components.chart_card import chart_card
from frontend.components.where_from import Origins
from frontend.input_words import input_ends, input_name
from frontend.plotly_charts import line_figure, points_figure
from frontend.plotly_traces import Look
from frontend.quantities import metric_text
from frontend.session import Session, link, linked
from frontend.theme import palette
from frontend.views.review_money import money_card
from planner.chart import Chart
from planner.economics.business_case import BusinessCase
from planner.reviews.convergence import CHARTS
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.sweep import RateRanking
from wording.labels import axis_label
from wording.money import compact_money
from wording.numbers import number, ratio

EFFORT_PARAM = "by"
DEFAULT_EFFORT = "second"
WIDTHS = (1.46, 1.0)


def money_charts(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """When the money is back, and time saved against compute cost; nothing without money."""
    charts, look = _drawn(session, review, reviewed)
    found = [charts[key] for key in ("payback", "time_against_cost") if key in charts]
    for place, chart in zip(_columns("money"), found, strict=False) if found else ():
        with place:
            _money_chart(session, chart, look, reviewed)


def drivers(session: Session, review: Review, reviewed: ScheduleReview, origins: Origins) -> None:
    """What drives the result, and the lines that it is made of."""
    if reviewed.case is None:
        return
    _, look = _drawn(session, review, reviewed)
    left, right = _columns("drivers")
    with left:
        for chart in reviewed.charts:
            _tornado(session, chart, look, reviewed.case)
    with right:
        money_card(session, reviewed, reviewed.case, origins)


def run_charts(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """How the runs approach the target, and how many are still on the way."""
    charts, look = _drawn(session, review, reviewed)
    left, right = _columns("runs")
    with left:
        _convergence(session, review, charts, look)
    if "survival" in charts:
        with right:
            _survival(session, charts["survival"], look)


def sweep(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """Which learning rate suits which schedule; nothing without a sweep."""
    charts, look = _drawn(session, review, reviewed)
    if "sweep" in charts:
        _sweep(session, review, charts["sweep"], look)


def _drawn(
    session: Session, review: Review, reviewed: ScheduleReview
) -> tuple[dict[str, Chart], Look]:
    """The charts by their keys, and how they are drawn."""
    look = Look(
        palette=palette(dark=session.dark), language=session.language, main=reviewed.schedule
    )
    return {chart.key: chart for chart in review.charts}, look


def _columns(key: str) -> Sequence[DeltaGenerator]:
    """Two places side by side, below each other in a narrow window."""
    with st.container(key=f"charts-{key}"):
        return st.columns(WIDTHS)


def _money_chart(session: Session, chart: Chart, look: Look, reviewed: ScheduleReview) -> None:
    unit = spans(chart, session.language)[1].scale.unit
    if chart.key == "time_against_cost":
        subtitle = session.say("page.review.saving_subtitle", unit=unit)
        chart_card(session, chart, points_figure(chart, look), subtitle=subtitle)
        return
    months = reviewed.case.payback.months if reviewed.case else None
    mark = ""
    if months:
        month = number(months, session.language, decimals=1)
        mark = session.say("page.review.break_even_mark", month=month)
    chart_card(
        session,
        chart,
        line_figure(chart, _marked(look, mark)),
        subtitle=session.say("page.review.payback_subtitle", unit=unit),
    )


def _marked(look: Look, mark: str) -> Look:
    return Look(palette=look.palette, language=look.language, main=look.main, mark=mark)


def _convergence(session: Session, review: Review, charts: dict[str, Chart], look: Look) -> None:
    effort = linked(EFFORT_PARAM)
    offered = [name for name, key in CHARTS.items() if key in charts and charts[key].series]
    effort = effort if effort in offered else DEFAULT_EFFORT
    chart = charts[CHARTS[effort]]
    metric = axis_label(chart.y.label, "", session.language)
    target = metric_text(review.target.metric, review.target.value, session.language)

    def switch() -> None:
        st.segmented_control(
            session.say("page.review.effort"),
            offered,
            default=effort,
            required=True,
            format_func=lambda name: session.say(f"page.review.effort_{name}"),
            key="effort",
            on_change=lambda: link(EFFORT_PARAM, st.session_state["effort"]),
            label_visibility="collapsed",
        )

    missing = [
        found.schedule
        for found in review.schedules
        if found.schedule not in {series.name for series in chart.series}
    ]
    note = ""
    if missing and effort == "money":
        note = session.say("page.review.money_unpriced", schedules=", ".join(missing))
    chart_card(
        session,
        chart,
        line_figure(chart, look),
        subtitle=session.say("page.review.convergence_subtitle", metric=metric, target=target),
        title=session.say("chart.convergence.title"),
        controls=switch,
        note=note,
    )


def _tornado(session: Session, chart: Chart, look: Look, case: BusinessCase) -> None:
    language = session.language
    worst, base, best = (
        compact_money(found.amount, found.currency, language)
        for found in (
            case.propagation.scenarios.pessimistic,
            case.propagation.scenarios.base,
            case.propagation.scenarios.optimistic,
        )
    )
    note = session.say("page.review.tornado_note", worst=worst, base=base, best=best)
    if len(chart.series) == 1:
        note = session.say("page.review.tornado_note_single")
    words = Words(
        name=lambda name: input_name(name, language),
        ends=lambda name, worse, better: input_ends(
            name, worse, better, currency=case.npv.currency, language=language
        ),
    )
    figure = bars_figure(chart, look, words)
    unit = spans(chart, language)[0].scale.unit
    subtitle = session.say("page.review.tornado_subtitle", unit=unit)
    chart_card(session, chart, figure, subtitle=subtitle, note=note)


def _survival(session: Session, chart: Chart, look: Look) -> None:
    subtitle = session.say("page.review.survival_subtitle")
    chart_card(session, chart, line_figure(chart, look), subtitle=subtitle)


def _sweep(session: Session, review: Review, chart: Chart, look: Look) -> None:
    unit = spans(chart, session.language)[1].scale.unit
    chart_card(
        session,
        chart,
        line_figure(chart, look),
        subtitle=session.say("page.review.sweep_subtitle", unit=unit),
        note=ranking_sentence(session, review.rankings),
    )


def ranking_sentence(session: Session, rankings: tuple[RateRanking, ...]) -> str:
    """Which schedule is the fastest at which rate, and whether that flips."""
    rates: dict[str, list[str]] = {}
    for ranking in rankings:
        if ranking.fastest_first:
            shown = ratio(ranking.rate_multiplier, session.language, decimals=1)
            rates.setdefault(ranking.fastest_first[0], []).append(shown)
    if len(rates) == 1:
        return session.say("page.review.ranking_one", schedule=next(iter(rates)))
    parts = [
        session.say("page.review.ranking_part", rates=", ".join(found), schedule=schedule)
        for schedule, found in rates.items()
    ]
    if not parts:
        return ""
    listed = reduce(
        lambda first, second: session.say("page.review.ranking_two", first=first, second=second),
        parts,
    )
    return session.say("page.review.ranking_flips", parts=listed)
