"""Import: a file of runs that were measured elsewhere, step by step, to its review."""

from contextlib import suppress
from http import HTTPStatus

import streamlit as st

from frontend.calls import imports as calls
from frontend.calls.api import ApiRefused, ApiUnreachable
from frontend.components.headings import card_title, page_title
from frontend.components.markup import element, literal, text
from frontend.components.markup import show as put
from frontend.components.refusals import show_refusal
from frontend.session import Session, choose_pilot, go_to, link, linked, part_of_a_page
from frontend.tables import imports as tables
from frontend.views import import_curves, import_mapping, import_terms
from planner.exchange.imports import AT_WORK, ImportState
from wording.meters import memory
from wording.numbers import number
from wording.refusals import refusal_line

IMPORT_PARAM = "import"
LARGEST_FILE_MIB = 1024
LOOKS_EVERY_S = 1.0
MOST_NAMED = 5
"""Runs whose names are told beside each other."""


def show(session: Session) -> None:
    """Draws the page."""
    page_title(session.say("page.import.title"), session.say("page.import.subtitle"))
    named = linked(IMPORT_PARAM)
    if named is None or not session.may("GET /api/imports/{import_id}"):
        _bring(session)
        return
    try:
        state = calls.state(session.api, named)
    except ApiRefused as refused:
        show_refusal(session, refused)
        if refused.status == HTTPStatus.NOT_FOUND:
            link(IMPORT_PARAM, None)
            _bring(session)
        return
    _steps(session, state)


def _bring(session: Session) -> None:
    with st.container(border=True, key="card-import-file"):
        card_title(session.say("page.import.file_title"), session.say("page.import.file_hint"))
        file = st.file_uploader(
            session.say("page.import.file"),
            key="import.file",
            max_upload_size=LARGEST_FILE_MIB,
        )
        sent = st.button(
            session.say("page.import.look"),
            key="import.look",
            type="primary",
            **session.offer("POST /api/imports", disabled=file is None),
        )
        if not (sent and file is not None):
            return
        try:
            state = calls.bring(session.api, file.getvalue(), file_name=file.name)
        except ApiRefused as refused:
            show_refusal(session, refused)
            return
        link(IMPORT_PARAM, state.id)
        st.rerun()


def _steps(session: Session, state: ImportState) -> None:
    _found(session, state)
    if state.refusal is not None:
        field = import_terms.label_of(session, state.refusal.field)
        params = dict(state.refusal.params)
        said = refusal_line(field, state.refusal.code, session.language, params)
        st.error(literal(said))
    if state.phase in AT_WORK:
        _wait(session, state)
        return
    if state.phase == "done" and state.pilot_id is not None:
        _done(session, state.pilot_id)
        return
    if state.found is not None and state.phase != "failed":
        import_mapping.show(session, state, state.found)
    if state.read is not None and state.phase == "terms":
        with st.container(border=True, key="card-import-runs"):
            count = number(len(state.read.runs), session.language)
            card_title(session.say("page.import.runs_title", count=count))
            put(tables.runs(state.read, session.language))
            told = state.mapping is not None and state.mapping.training_samples is not None
            put(tables.schedules(state.read, session.language, epoch_known=told))
        import_curves.show(session, state.read)
        import_terms.show(session, state, state.read)
    if st.button(
        session.say("page.import.discard"),
        key="import.discard",
        **session.offer("DELETE /api/imports/{import_id}"),
    ):
        calls.discard(session.api, state.id)
        link(IMPORT_PARAM, None)
        st.rerun()


def _found(session: Session, state: ImportState) -> None:
    """What was recognised, before anything is asked."""
    with st.container(border=True, key="card-import-found"):
        name = element("h2", text(state.file_name), class_="pb-card-title")
        size = text(memory(state.size_bytes, session.language))
        put(name + element("p", size, class_="pb-card-subtitle"))
        if state.same_as is not None:
            st.info(session.say("page.import.same_as"))
        if state.found is None:
            return
        source = session.say(f"import.source.{state.found.source}")
        runs = number(len(state.found.runs), session.language)
        told = session.say("page.import.recognised", source=source, runs=runs)
        put(element("p", text(told), class_="pb-note"))
        if state.found.cut_off:
            named = ", ".join(state.found.cut_off[:MOST_NAMED])
            told = session.say("import.look.cut_off", runs=named)
            put(element("p", text(told), class_="pb-note"))
        if state.phase in ("mapping", "reading"):
            put(tables.first_rows(state.found, session.language))


def _wait(session: Session, state: ImportState) -> None:
    """The progress of what the API is at; the page goes on when it is done."""
    last = [state]

    @st.fragment(run_every=LOOKS_EVERY_S)
    def watch() -> None:
        try:
            with part_of_a_page(), suppress(ApiUnreachable):  # it is looked at again soon
                last[0] = calls.brief_state(session.api, state.id)
        except ApiRefused:
            st.rerun()  # the whole page says why
        now = last[0]
        if now.phase not in AT_WORK:
            st.rerun()
        st.progress(now.progress_fraction or 0.0, session.say(f"page.import.at_{now.phase}"))

    watch()


def _done(session: Session, pilot_id: str) -> None:
    st.success(session.say("page.import.done"))
    if st.button(session.say("page.import.review"), key="import.review", type="primary"):
        link(IMPORT_PARAM, None)
        choose_pilot(pilot_id)
        go_to("review")
    if st.button(session.say("page.import.another"), key="import.another"):
        link(IMPORT_PARAM, None)
        st.rerun()
