"""The charts of a review."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from frontend.components.chart_card import chart_card
from frontend.components.where_from import Origins
from frontend.figures.bars import Words, bars_figure
from frontend.figures.plotly_charts import Figure, line_figure, points_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, link, linked
from frontend.views.review_money import money_card
from planner.chart import Chart
from planner.economics.business_case import BusinessCase
from planner.reviews.convergence import CHARTS
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.charts.captions import Caption, Told, caption
from wording.charts.palette import palette
from wording.inputs import input_ends, input_name

EFFORT_PARAM = "by"
DEFAULT_EFFORT = "second"
WIDTHS = (1.46, 1.0)


def money_charts(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """When the money is back, and time saved against compute cost; nothing without money."""
    charts, look, told = _drawn(session, review, reviewed)
    found = [charts[key] for key in ("payback", "time_against_cost") if key in charts]
    for place, chart in zip(_columns("money"), found, strict=False) if found else ():
        with place:
            _money_chart(session, chart, look, told)


def drivers(session: Session, review: Review, reviewed: ScheduleReview, origins: Origins) -> None:
    """What drives the result, and the lines that it is made of."""
    if reviewed.case is None:
        return
    _, look, told = _drawn(session, review, reviewed)
    left, right = _columns("drivers")
    with left:
        for chart in reviewed.charts:
            _tornado(session, chart, look, told, reviewed.case)
    with right:
        money_card(session, reviewed, reviewed.case, origins)


def run_charts(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """How the runs approach the target, and how many are still on the way."""
    charts, look, told = _drawn(session, review, reviewed)
    left, right = _columns("runs")
    with left:
        _convergence(session, charts, look, told)
    if "survival" in charts:
        with right:
            chart = charts["survival"]
            _card(session, chart, line_figure(chart, look), caption(chart, told))


def sweep(session: Session, review: Review, reviewed: ScheduleReview) -> None:
    """Which learning rate suits which schedule; nothing without a sweep."""
    charts, look, told = _drawn(session, review, reviewed)
    if "sweep" in charts:
        chart = charts["sweep"]
        _card(session, chart, line_figure(chart, look), caption(chart, told))


def _drawn(
    session: Session, review: Review, reviewed: ScheduleReview
) -> tuple[dict[str, Chart], Look, Told]:
    """The charts by their keys, how they are drawn, and of what their captions tell."""
    look = Look(
        palette=palette(dark=session.dark), language=session.language, main=reviewed.schedule
    )
    told = Told(review=review, reviewed=reviewed, language=session.language)
    return {chart.key: chart for chart in review.charts}, look, told


def _columns(key: str) -> Sequence[DeltaGenerator]:
    """Two places side by side, below each other in a narrow window."""
    with st.container(key=f"charts-{key}"):
        return st.columns(WIDTHS)


def _money_chart(session: Session, chart: Chart, look: Look, told: Told) -> None:
    words = caption(chart, told)
    if chart.key == "time_against_cost":
        _card(session, chart, points_figure(chart, look), words)
    else:
        _card(session, chart, line_figure(chart, replace(look, mark=words.mark)), words)


def _convergence(session: Session, charts: dict[str, Chart], look: Look, told: Told) -> None:
    offered = [name for name, key in CHARTS.items() if key in charts and charts[key].series]
    wished = (linked(EFFORT_PARAM), DEFAULT_EFFORT, *offered)
    effort = next((name for name in wished if name in offered), DEFAULT_EFFORT)
    chart = charts[CHARTS[effort]]

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

    controls = switch if offered else None
    _card(session, chart, line_figure(chart, look), caption(chart, told), controls=controls)


def _tornado(session: Session, chart: Chart, look: Look, told: Told, case: BusinessCase) -> None:
    language = session.language
    words = Words(
        name=lambda name: input_name(name, language),
        ends=lambda name, worse, better: input_ends(
            name, worse, better, currency=case.npv.currency, language=language
        ),
    )
    _card(session, chart, bars_figure(chart, look, words), caption(chart, told))


def _card(
    session: Session,
    chart: Chart,
    figure: Figure,
    words: Caption,
    *,
    controls: Callable[[], None] | None = None,
) -> None:
    chart_card(
        session,
        chart,
        figure,
        title=words.title,
        subtitle=words.subtitle,
        note=words.note,
        controls=controls,
    )
