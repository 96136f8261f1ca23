"""The list of pilots, newest first; without one, the way to the first."""

import math

import streamlit as st

from frontend import example_pilot
from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.headings import page_title
from frontend.components.markup import show as show_markup
from frontend.page_number import page_number
from frontend.session import Session, go_to, link, linked, part_of_a_page
from frontend.tables.pilots import CSV_COLUMNS, csv_rows, pilot_table
from frontend.views import tour
from planner.exchange.page_states import PilotSummary
from planner.exchange.states import Page

STATUS_PARAM = "status"
STATUSES = ("probing", "selection", "confirmation", "done", "cancelled")
PAGE_SIZE = 25
LOOK_EVERY_S = 5


def show(session: Session) -> None:
    """The list, or how to start."""
    status, search = linked(STATUS_PARAM), linked("search") or ""
    first = session.api.pilot_summaries(page_size=1)
    if not first.total:
        _empty(session)
        return
    page_title(session.say("page.pilots.title"), session.say("page.pilots.subtitle"))
    status, search = _filters(session, status, search)
    _live_list(session, status, search)


def _empty(session: Session) -> None:
    page_title(session.say("page.pilots.empty_title"))
    with st.container(border=True, key="card-empty"):
        st.write(session.say("page.pilots.empty_body"))
        with st.container(horizontal=True):
            if st.button(
                session.say("page.pilots.start_example"),
                key="start_example",
                type="primary",
                icon=":material/play_arrow:",
                **session.offer("POST /api/pilots"),
            ):
                example_pilot.start(session)
                go_to("live")
            tour.begin_button(session, key="tour.begin")
            if st.button(session.say("page.pilots.plan_own"), key="plan_own"):
                go_to("plan")
            _worked_case_button(session)
        st.caption(session.say("page.pilots.example_note"))


def _worked_case_button(session: Session) -> None:
    """The way to a published case, which needs no pilot."""
    if st.button(session.say("page.pilots.worked_case"), key="worked_case", type="tertiary"):
        go_to("worked-case")


def _filters(session: Session, status: str | None, search: str) -> tuple[str | None, str]:
    """What is looked for; kept in the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="pilot_filters"):
        found = st.text_input(
            session.say("page.pilots.search"),
            value=search,
            key="pilot_search",
            icon=":material/search:",
            width=280,
            on_change=_back_to_the_first,
        )
        chosen = st.segmented_control(
            session.say("page.pilots.status"),
            STATUSES,
            default=status if status in STATUSES else None,
            format_func=lambda phase: session.say(f"pilot_phase.{phase}"),
            key="pilot_status",
            on_change=_back_to_the_first,
        )
    link("search", found or None)
    link(STATUS_PARAM, chosen)
    return chosen, found or ""


def _back_to_the_first() -> None:
    """Another search has other pages."""
    st.session_state["page"] = 1


def _live_list(session: Session, status: str | None, search: str) -> None:
    """One page of the list, looked at again while something runs."""
    shown = _page(session, status, search)
    running = any(found.phase not in ("done", "cancelled") for found in shown.items)

    @st.fragment(run_every=LOOK_EVERY_S if running else None)
    def rows() -> None:
        with part_of_a_page():
            page = _page(session, status, search)
        if not page.items:
            st.write(session.say("page.pilots.none_found"))
            return
        show_markup(pilot_table(page.items, session.language))

    rows()
    pages = math.ceil(shown.total / PAGE_SIZE)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key="page", bind="query-params")
        csv_button(
            session,
            "pilots",
            lambda: csv_bytes(CSV_COLUMNS, csv_rows(shown.items)),
            session.say("page.pilots.title"),
        )
        _worked_case_button(session)
        tour.begin_button(session, key="tour.begin")


def _page(session: Session, status: str | None, search: str) -> Page[PilotSummary]:
    return session.api.pilot_summaries(
        status=status, search=search, page=page_number("page"), page_size=PAGE_SIZE
    )
