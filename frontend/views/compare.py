"""Pilots and schedules side by side: curves, outcomes, and only the settings that differ."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.calls.compare import line_up
from frontend.choices.compare import Compared, request_of
from frontend.components.chart_card import chart_card, csv_button, csv_bytes
from frontend.components.frame import refused_notice
from frontend.components.headings import card_title, page_title
from frontend.components.markup import literal
from frontend.components.markup import show as put
from frontend.figures.line_up import MOST_LINES, line_up_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, go_to
from frontend.tables.line_up import (
    CSV_COLUMNS,
    csv_rows,
    outcome_table,
    settings_rows,
    settings_table,
)
from frontend.views import compare_choice, compare_views
from planner.chart import Chart
from planner.exchange.page_states import PilotSummary
from planner.line_ups.line_up import LineUp
from planner.refusal import Refusal
from wording.charts.palette import palette
from wording.line_up import chart_notes, chart_subtitle, chart_title, equal_sentence
from wording.refusals import refusal_line, refusal_sentence
from wording.sentences import together


def show(session: Session) -> None:
    """Draws the page."""
    page_title(session.say("page.compare.title"), session.say("page.compare.subtitle"))
    _open_view(session)
    offered = _offered(session)
    if not offered and not st.query_params.get("pilots"):
        _no_pilots(session)
        return
    compared = compare_choice.chosen(offered)
    compare_choice.pilots(session, offered, compared)
    if not compared.pilots:
        st.write(session.say("page.compare.empty"))
        compare_views.offered(session, compared)
        return
    found = _asked(session, compared)
    if found is not None:
        _side_by_side(session, found, compared)


def _open_view(session: Session) -> None:
    """The view that the link names; one that is gone leaves a sentence."""
    try:
        compare_views.open_linked(session)
    except ApiRefused as refused:
        refused_notice(session, refused)


def _offered(session: Session) -> Sequence[PilotSummary]:
    """The newest pilots; where there are more than a list can hold, those of a search."""
    first = session.api.pilot_summaries(page_size=compare_choice.SEARCHED)
    if first.total <= compare_choice.SEARCHED:
        return first.items
    searched = st.text_input(
        session.say("page.compare.search"), key="compare.search", icon=":material/search:"
    )
    if not searched:
        return first.items
    return session.api.pilot_summaries(search=searched, page_size=compare_choice.SEARCHED).items


def _no_pilots(session: Session) -> None:
    with st.container(border=True, key="card-empty"):
        st.write(session.say("page.compare.no_pilots"))
        if st.button(session.say("page.shell.to_pilots"), key="to_pilots"):
            go_to("pilots")


def _asked(session: Session, compared: Compared) -> LineUp | None:
    """The line-up, or None with the sentences that say why there is none."""
    try:
        request = request_of(compared)
        with st.spinner(session.say("page.compare.computing")):
            return line_up(session.api, request)
    except ApiRefused as refused:
        refused_notice(session, refused)
    except Refusal as refused:
        said = refusal_line(refused.field, refused.code, session.language, refused.params)
        st.error(literal(said))
    if st.button(session.say("page.compare.reset"), key="compare.reset"):
        compare_choice.keep(Compared(pilots=compared.pilots))
        st.rerun()
    return None


def _side_by_side(session: Session, found: LineUp, compared: Compared) -> None:
    _left_out(session, found)
    if not found.entries:
        compare_views.offered(session, compared)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare-choice"):
        compare_choice.baseline(session, found, compared)
        compare_choice.within(session, found, compared)
        compare_views.offered(session, compared)
    compare_choice.axes(session, found, compared)
    if len(found.charts) > 1:
        st.info(session.say("page.compare.apart"))
    for number, chart in enumerate(found.charts):
        _chart(session, found, chart, number)
    _outcomes(session, found)
    _settings(session, found, compared)


def _left_out(session: Session, found: LineUp) -> None:
    for one in found.left_out:
        reason = refusal_sentence(one.code, session.language, one.params)
        said = session.say("page.compare.left_out", pilot=one.name, reason=reason)
        st.warning(literal(said))


def _chart(session: Session, found: LineUp, chart: Chart, number: int) -> None:
    language = session.language
    notes = chart_notes(found, number, language)
    title, subtitle = chart_title(chart, language), chart_subtitle(chart, found.shown, language)
    if not chart.series:
        with st.container(border=True, key=f"card-{chart.key}"):
            card_title(title, subtitle)
            st.write(literal(together(notes)))
        return
    if len(chart.series) > MOST_LINES:
        count = len(chart.series)
        notes.append(session.say("page.compare.more_lines", most=MOST_LINES, count=count))
    look = Look(palette=palette(dark=session.dark), language=language, main="")
    chart_card(
        session,
        chart,
        line_up_figure(chart, look),
        subtitle=subtitle,
        note=together(notes),
        title=title,
    )


def _outcomes(session: Session, found: LineUp) -> None:
    title = session.say("page.compare.outcomes")
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        card_title(title, session.say("page.compare.outcomes_subtitle"))
        csv_button(session, "outcomes", lambda: csv_bytes(CSV_COLUMNS, csv_rows(found)), title)
    put(outcome_table(found, session.language))


def _settings(session: Session, found: LineUp, compared: Compared) -> None:
    language = session.language
    title = session.say("page.compare.settings")
    heads = ("setting", *(one.name for one in found.entries))
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        card_title(title, session.say("page.compare.settings_subtitle"))
        csv_button(session, "settings", lambda: csv_bytes(heads, settings_rows(found)), title)

    def change() -> None:
        compare_choice.keep(replace(compared, everything=st.session_state["compare.all"]))

    everything = st.toggle(
        session.say("page.compare.all_settings"),
        value=compared.everything,
        key="compare.all",
        on_change=change,
    )
    shown = [one for one in found.settings if everything or one.differs]
    if shown:
        put(settings_table(shown, found.entries, language))
    else:
        st.write(session.say("page.compare.nothing_differs", count=len(found.settings)))
    if not everything:
        st.caption(literal(equal_sentence(found.settings, language)))
