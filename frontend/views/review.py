"""The payback page: verdict, five numbers, charts, the schedules side by side, and details."""

from contextlib import suppress
from dataclasses import replace

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.choices.review import Choice, request_for
from frontend.components.assumptions import Sidebar
from frontend.components.cards import show_cards
from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.headings import page_title
from frontend.components.markup import element, literal, text
from frontend.components.markup import show as show_markup
from frontend.components.no_pilot import no_pilot
from frontend.components.rollback_download import rollback_download
from frontend.components.schedule_download import schedule_download
from frontend.components.verdict_banner import verdict_banner
from frontend.components.where_from import Origins
from frontend.price_book.choice import cards, with_row
from frontend.session import Session, choose_pilot, current_pilot, go_to, link, linked
from frontend.tables.review import CSV_COLUMNS, Reader, comparison_table, csv_rows
from frontend.views.review_basis import basis, time_ratios
from frontend.views.review_charts import drivers, money_charts, run_charts
from frontend.views.review_details import Shown, details
from frontend.views.review_hardware import asked_hardware
from frontend.views.review_next import next_step
from frontend.views.review_untimed import untimed
from planner.economics.rates import RateCard
from planner.exchange.states import PilotState
from planner.refusal import Refusal
from planner.reviews.provenance import CARDS
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from wording.cards import five_cards
from wording.phases import phase_words
from wording.times import day

SCHEDULE_PARAM = "schedule"
NOT_MEASURED = "pilot_not_measured_yet"
WITHOUT_TIME = "import_without_time"

_LAST = "review.last"
"""Of the request that was answered last."""


def show(session: Session) -> None:
    """The review of the pilot that the link names, else of the newest."""
    pilot_id = newest_pilot(session)
    if pilot_id is None:
        no_pilot(session, "review")
        return
    state = session.api.pilot(pilot_id)
    with st.sidebar:
        aside = st.empty()
    with aside.container():
        place = st.empty()
        prices = with_row(_prices(session), state.pilot.hardware.profile)
        sidebar = Sidebar(session, state.pilot, prices)
        choice = sidebar.show(pilot_id)
    try:
        review = _asked(session, pilot_id, state, sidebar, choice)
    except _Untimed:
        aside.empty()  # no assumption about money changes steps
        _heading(session, state)
        untimed(session, pilot_id)
        return
    if review is None:
        return
    with place:
        main = _candidate(session, review)
    _page(session, state, review, main)


class _Untimed(Exception):
    """The runs say no seconds, so that there is no review of them."""


def _asked(
    session: Session, pilot_id: str, state: PilotState, sidebar: Sidebar, choice: Choice
) -> Review | None:
    """The review as asked for, else the last one that could be; None where there is none.

    Raises:
        _Untimed: There never is one.
    """
    try:
        request = request_of(session, state, choice)
        with st.spinner(session.say("page.review.computing")):
            review = session.api.review(request)
    except (ApiRefused, Refusal) as refused:
        code = refused.problems[0].code if isinstance(refused, ApiRefused) else refused.code
        if code == NOT_MEASURED:
            _heading(session, state)
            _not_measured(session)
            return None
        if code == WITHOUT_TIME:
            raise _Untimed from refused
        return _before(session, pilot_id, state, refusal=sidebar.refuse(refused))
    st.session_state[_LAST] = request
    return review


def _before(session: Session, pilot_id: str, state: PilotState, *, refusal: str) -> Review | None:
    """The review of the last assumptions that went together, said to be of those."""
    last: ReviewRequest | None = st.session_state.get(_LAST)
    if last is not None and last.pilot_id == pilot_id:
        with suppress(ApiRefused):
            review = session.api.review(last)
            st.warning(literal(session.say("page.review.last_numbers", refusal=refusal)))
            return review
    _heading(session, state)
    st.info(session.say("page.review.refused"))
    return None


def _page(session: Session, state: PilotState, review: Review, main: str) -> None:
    language = session.language
    reviewed = next(found for found in review.schedules if found.schedule == main)
    origins = Origins(review.provenances, language)
    _heading(session, state, review)
    verdict_banner(session, review, reviewed)
    next_step(session, review, main)
    five = five_cards(review, reviewed, language)
    show_cards(
        five,
        session.say("page.review.cards_label"),
        origins=(
            origins.button(what, main, label=card.label, where="card")
            for what, card in zip(CARDS, five, strict=True)
        ),
    )
    time_ratios(review, reviewed, language)
    money_charts(session, review, reviewed)
    drivers(session, review, reviewed, origins)
    run_charts(session, review, reviewed)
    _comparison(session, review, main, origins)
    shown = Shown(
        state=state, review=review, reviewed=reviewed, origins=origins, prices=_prices(session)
    )
    details(session, shown)
    basis(session, review)
    with st.container(horizontal=True):
        rollback_download(session, state.id)
        schedule_download(session, state.pilot, main, rate_multiplier=reviewed.rate_multiplier)


def _comparison(session: Session, review: Review, main: str, origins: Origins) -> None:
    with st.container(key="comparison"):
        title = session.say("page.review.table_title")
        with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
            show_markup(
                element("h2", text(title), class_="pb-card-title")
                + element(
                    "p", text(session.say("page.review.table_subtitle")), class_="pb-card-subtitle"
                )
            )
            csv_button(
                session, "schedules", lambda: csv_bytes(CSV_COLUMNS, csv_rows(review)), title
            )
        reader = Reader(language=session.language, main=main, origins=origins)
        show_markup(comparison_table(review, reader))


def request_of(session: Session, state: PilotState, choice: Choice) -> ReviewRequest:
    """The review that the link asks for, with the hardware that is set beside it.

    Raises:
        Refusal: Typed numbers do not go together.
    """
    request = request_for(state.id, state.pilot, choice)
    count = request.hardware.device_count if request.hardware else 1
    compared = asked_hardware(_prices(session), device_count=count)
    return replace(request, compared_hardware=compared)


def _heading(session: Session, state: PilotState, review: Review | None = None) -> None:
    pilot = state.pilot
    chosen = pilot.hardware
    devices = {card.id: card.device for card in _prices(session)}
    elsewhere = state.imported.device if state.imported else None
    device = elsewhere or devices.get(chosen.profile, chosen.profile)
    hardware = session.say(
        "page.review.hardware",
        count=review.device_count if review else chosen.device_count,
        device=review.price.device if review else device,
    )
    subtitle = session.say(
        "page.review.subtitle",
        day=day(state.created_at.date(), session.language),
        schedules=len(pilot.schedules),
        seeds=len(pilot.seeds.confirmation or pilot.seeds.selection),
        hardware=hardware,
    )
    phase = phase_words(state.phase, session.language, cap_reached=state.cap_reached)
    badge = session.say("page.review.pilot_phase", phase=phase)
    with st.container(horizontal=True, vertical_alignment="top", wrap=False, key="page-head"):
        page_title(pilot.name, subtitle)
        show_markup(element("span", text(badge), class_="pb-badge"), width="content")
        if review is not None:
            _export(session)


def _export(session: Session) -> None:
    """The way to the files, on the assumptions of this link."""
    if st.button(
        session.say("page.review.export"), key="export", type="primary", icon=":material/ios_share:"
    ):
        go_to("reports")


def _candidate(session: Session, review: Review) -> str:
    """The candidate that the page is about: the link's, else the one the verdict is on."""
    names = [found.schedule for found in review.schedules if found.role == "candidate"]
    named = linked(SCHEDULE_PARAM)
    chosen = st.selectbox(
        session.say("page.review.candidate"),
        names,
        index=names.index(named if named in names else review.verdict.schedule),
        key="candidate",
    )
    link(SCHEDULE_PARAM, None if chosen == review.verdict.schedule else chosen)
    return chosen


def _prices(session: Session) -> tuple[RateCard, ...]:
    """The price book of the day that is chosen; the newest where none is."""
    return cards(session)


def newest_pilot(session: Session) -> str | None:
    """The pilot that the link names, else the newest; None where there is none."""
    current = current_pilot()
    if current is not None:
        return current
    newest = session.api.pilot_summaries(page_size=1).items
    if not newest:
        return None
    choose_pilot(newest[0].id)
    return newest[0].id


def _not_measured(session: Session) -> None:
    st.subheader(session.say("page.review.not_ready_title"), anchor=False)
    st.write(session.say("page.review.not_ready"))
    if st.button(session.say("page.review.to_live"), key="to_live"):
        go_to("live")
