"""Reports: files for the meeting, made on the assumptions of the link, and those made before."""

import math
from collections.abc import Sequence
from typing import get_args

import streamlit as st

from frontend.calls import reports as report_calls
from frontend.calls.api import ApiRefused, ApiUnreachable
from frontend.choices.assumed import assumed_otherwise
from frontend.choices.review import Choice
from frontend.components.assumptions import Sidebar
from frontend.components.headings import card_title, page_title
from frontend.components.markup import element, text
from frontend.components.markup import show as show_markup
from frontend.components.no_pilot import no_pilot
from frontend.components.verdict_banner import verdict_banner
from frontend.page_number import page_number
from frontend.price_book.choice import cards, name_of, with_row
from frontend.session import Session, go_to, linked
from frontend.views.reports_list import made_before
from frontend.views.review import NOT_MEASURED, SCHEDULE_PARAM, newest_pilot, request_of
from planner.exchange.report_files import ReportFormat, ReportLanguage, ReportOrder, ReportState
from planner.exchange.states import PilotState
from planner.refusal import Refusal
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from wording.catalogue import LANGUAGES
from wording.refusals import refusal_line

FORMATS: tuple[ReportFormat, ...] = get_args(ReportFormat)
"""In the order in which they are offered; the first is chosen where nobody chose."""

PAGE_SIZE = 20

_TOLD = "reports.told"
"""What came of the last order: its pilot, the reports it made, and why others were refused."""


def show(session: Session) -> None:
    """Draws the page about the pilot that the link names, else the newest."""
    pilot_id = newest_pilot(session)
    if pilot_id is None:
        no_pilot(session, "reports")
        return
    state = session.api.pilot(pilot_id)
    with st.sidebar:
        prices = with_row(cards(session), state.pilot.hardware.profile)
        sidebar = Sidebar(session, state.pilot, prices)
        choice = sidebar.show(pilot_id)
    page_title(state.pilot.name, session.say("page.reports.subtitle"))
    _make(session, state, sidebar, choice)
    _list(session, state)


def _make(session: Session, state: PilotState, sidebar: Sidebar, choice: Choice) -> None:
    """What can be made now, or why nothing can."""
    try:
        request = request_of(session, state, choice)
        review = session.api.review(request)
    except (ApiRefused, Refusal) as refused:
        if isinstance(refused, ApiRefused) and refused.problems[0].code == NOT_MEASURED:
            _not_measured(session)
            return
        sidebar.refuse(refused)
        st.info(session.say("page.review.refused"))
        return
    reviewed = next(one for one in review.schedules if one.schedule == _schedule(review))
    verdict_banner(session, review, reviewed)
    with st.container(border=True, key="card-reports-make"):
        card_title(session.say("page.reports.make_title"), session.say("page.reports.make_hint"))
        _assumptions(session, state, choice, schedule=reviewed.schedule)
        _form(session, state.id, request, schedule=reviewed.schedule)
        _told(session, state.id)


def _not_measured(session: Session) -> None:
    with st.container(border=True, key="card-reports-make"):
        card_title(session.say("page.reports.not_measured_title"))
        st.write(session.say("page.reports.not_measured"))
        if st.button(session.say("page.review.to_live"), key="reports.to_live"):
            go_to("live")


def _schedule(review: Review) -> str:
    """The candidate that the link names, else the one that the verdict is on."""
    names = [found.schedule for found in review.schedules if found.role == "candidate"]
    named = linked(SCHEDULE_PARAM)
    return named if named in names else review.verdict.schedule


def _assumptions(session: Session, state: PilotState, choice: Choice, *, schedule: str) -> None:
    """On what the files will stand, and the way to where that is changed."""
    card = next(one for one in cards(session) if one.id == choice.hardware.profile)
    others = assumed_otherwise(
        state.pilot, choice, session.language, hardware=name_of(card, session)
    )
    key = "differently" if others else "as_the_pilot"
    told = session.say(
        f"page.reports.{key}",
        schedule=schedule,
        others=" · ".join(others),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        show_markup(element("p", text(told), class_="pb-note"))
        if st.button(
            session.say("page.reports.to_review"),
            key="reports.to_review",
            type="tertiary",
            icon=":material/query_stats:",
        ):
            go_to("review")


def _form(session: Session, pilot_id: str, request: ReviewRequest, *, schedule: str) -> None:
    """Kinds of files, their language, and the button that makes them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        formats = st.pills(
            session.say("page.reports.formats"),
            FORMATS,
            selection_mode="multi",
            default=FORMATS[:1],
            format_func=lambda form: session.say(f"page.reports.format_{form}"),
            key="reports.formats",
            wrap=True,
        )
        language: ReportLanguage = st.segmented_control(
            session.say("page.reports.language"),
            LANGUAGES,
            default=session.language,
            required=True,
            format_func=lambda code: session.say(f"page.shell.language_{code}"),
            key=f"reports.language.{session.language}",
        )
        if st.button(
            session.say("page.reports.make"),
            key="reports.make",
            type="primary",
            icon=":material/description:",
            **session.offer("POST /api/pilots/{pilot_id}/reports", disabled=not formats),
        ):
            orders = [
                ReportOrder(format=form, language=language, schedule=schedule, review=request)
                for form in FORMATS
                if form in formats
            ]
            with st.spinner(session.say("page.reports.making")):
                _order(session, pilot_id, orders)


def _order(session: Session, pilot_id: str, orders: Sequence[ReportOrder]) -> None:
    """Makes every file that can be made, and keeps why others could not."""
    made: list[ReportState] = []
    refused: list[str] = []
    for order in orders:
        try:
            made.append(report_calls.make(session.api, pilot_id, order))
        except ApiRefused as refusal:
            refused += [
                refusal_line(found.field, found.code, session.language, found.params)
                for found in refusal.problems
            ]
        except ApiUnreachable:
            refused.append(session.say("page.live.order_lost"))
    st.session_state[_TOLD] = (pilot_id, made, refused)


def _told(session: Session, pilot_id: str) -> None:
    """The files that were just made, each one click away, and what could not be made."""
    kept: tuple[str, list[ReportState], list[str]] = st.session_state.get(_TOLD, ("", [], []))
    if kept[0] != pilot_id:
        return
    for sentence in kept[2]:
        show_markup(element("p", text(sentence), class_="pb-remark pb-refused", role="alert"))
    if kept[1]:
        ready = session.say("page.reports.ready")
        show_markup(element("p", text(ready), class_="pb-note", role="status"))
        with st.container(horizontal=True):
            for report in kept[1]:
                _download(session, report)


def _download(session: Session, report: ReportState) -> None:
    what = session.say(f"page.reports.format_{report.format}")
    st.download_button(
        session.say("page.reports.download", what=what),
        lambda: report_calls.content(session.api, report.number),
        file_name=report.file_name,
        key=f"reports.ready.{report.number}",
        icon=":material/download:",
        on_click="ignore",
        type="primary",
    )


def _list(session: Session, state: PilotState) -> None:
    """Reports that were made before, with the pages of the list."""
    page = report_calls.reports(
        session.api, state.id, page=page_number("reports_page"), page_size=PAGE_SIZE
    )
    made_before(session, page.items)
    pages = math.ceil(page.total / PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key="reports_page", bind="query-params")
