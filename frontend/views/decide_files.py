"""Production trainings from a file: brought, mapped, previewed row by row, then stored."""

from contextlib import suppress
from http import HTTPStatus

import streamlit as st

from frontend.calls import decide as decide_calls
from frontend.calls import imports as calls
from frontend.calls.api import ApiRefused, ApiUnreachable
from frontend.choices import results_mapping
from frontend.components.headings import card_title
from frontend.components.markup import element, literal, text
from frontend.components.markup import show as put
from frontend.components.refusals import show_refusal
from frontend.session import Session, link, linked, part_of_a_page
from frontend.tables import imports as file_tables
from frontend.tables import results as tables
from frontend.views import decide_columns, import_mapping
from planner.decisions.results_mapping import ResultsMapping
from planner.exchange.decisions import Adoption
from planner.exchange.imports import AT_WORK, ImportState
from planner.exchange.production_files import ResultsOrder, ResultsPreview
from planner.imports.look import Look
from planner.refusal import Refusal
from wording.refusals import refusal_line

FILE_PARAM = "results"
LOOKS_EVERY_S = 1.0
LARGEST_FILE_MIB = 64

_PREVIEW = "decide.file.preview"
_STORED = "decide.file.stored"

FATES = ("new", "known", "left_out", "refused")
READ = "GET /api/imports/{import_id}"
STORE = "POST /api/pilots/{pilot_id}/production-results:import"


def from_file(session: Session, adoption: Adoption) -> None:
    """Draws the card; there is none before something was promised."""
    if adoption.promise is None:
        return
    with st.container(border=True, key="card-decide-file"):
        say = session.say
        card_title(say("page.decide.file_title"), say("page.decide.file_hint"))
        told = st.session_state.pop(_STORED, None)
        if told is not None:
            st.success(literal(say("page.decide.file_stored", **told)))
        state = _state(session)
        if state is None:
            _bring(session)
        elif state.phase in AT_WORK:
            _wait(session, state)
        else:
            _brought(session, adoption, state)


def _state(session: Session) -> ImportState | None:
    """The file that the link names; None without one, or where it is gone."""
    named = linked(FILE_PARAM)
    if named is None or not session.may(READ):
        return None
    try:
        return calls.state(session.api, named)
    except ApiRefused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        link(FILE_PARAM, None)
        return None


def _bring(session: Session) -> None:
    file = st.file_uploader(
        session.say("page.decide.file"), key="decide.file", max_upload_size=LARGEST_FILE_MIB
    )
    sent = st.button(
        session.say("page.import.look"),
        key="decide.file.look",
        **session.offer("POST /api/imports", disabled=file is None),
    )
    if not (sent and file is not None):
        return
    try:
        state = calls.bring(session.api, file.getvalue(), file_name=file.name)
    except ApiRefused as refused:
        show_refusal(session, refused)
        return
    link(FILE_PARAM, state.id)
    st.rerun()


def _wait(session: Session, state: ImportState) -> None:
    """The page goes on when the API has looked at the file."""

    @st.fragment(run_every=LOOKS_EVERY_S)
    def watch() -> None:
        st.progress(0.0, session.say(f"page.import.at_{state.phase}"))
        try:
            with part_of_a_page(), suppress(ApiUnreachable):  # it is looked at again soon
                if calls.state(session.api, state.id).phase not in AT_WORK:
                    st.rerun()
        except ApiRefused:
            st.rerun()  # the whole page says why

    watch()


def _brought(session: Session, adoption: Adoption, state: ImportState) -> None:
    put(element("p", text(state.file_name), class_="pb-note"))
    if state.refusal is not None:
        params = dict(state.refusal.params)
        st.error(literal(refusal_line("", state.refusal.code, session.language, params)))
    if state.found is not None:
        put(file_tables.first_rows(state.found, session.language))
        _mapped(session, adoption, state, state.found)
    if st.button(
        session.say("page.import.discard"),
        key="decide.file.discard",
        **session.offer("DELETE /api/imports/{import_id}"),
    ):
        calls.discard(session.api, state.id)
        _forget()
        st.rerun()


def _mapped(session: Session, adoption: Adoption, state: ImportState, found: Look) -> None:
    kept = _kept(adoption, state)
    wrong: Refusal | None = None
    mapping: ResultsMapping | None = None
    try:
        mapping = _mapping(session, state, found, kept[1] if kept else None)
    except Refusal as refusal:
        wrong = refusal
    if mapping is None and wrong is None:
        return
    asked = st.button(
        session.say("page.decide.file_preview"),
        key="decide.file.look_through",
        type="secondary" if kept else "primary",
        **session.offer("POST /api/pilots/{pilot_id}/production-results:preview"),
    )
    if mapping is None:
        if asked and wrong is not None:
            label = decide_columns.label_of(session, wrong)
            said = refusal_line(label, wrong.code, session.language, wrong.params)
            st.error(literal(said))
        return
    order = ResultsOrder(import_id=state.id, mapping=mapping)
    if asked:
        try:
            seen = decide_calls.preview_results(session.api, adoption.pilot_id, order)
        except ApiRefused as refused:
            show_refusal(session, refused)
            return
        st.session_state[_PREVIEW] = (adoption.pilot_id, order, seen)
        st.rerun()
    if kept is not None:
        _previewed(session, adoption, kept, order)


def _kept(adoption: Adoption, state: ImportState) -> tuple[ResultsOrder, ResultsPreview] | None:
    """The last preview of this file for this pilot."""
    kept: tuple[str, ResultsOrder, ResultsPreview] | None = st.session_state.get(_PREVIEW)
    if kept is None or (kept[0], kept[1].import_id) != (adoption.pilot_id, state.id):
        return None
    return kept[1:]


def _mapping(
    session: Session, state: ImportState, found: Look, seen: ResultsPreview | None
) -> ResultsMapping | None:
    """What was typed; None as long as the columns of a log are not known.

    Raises:
        Refusal: Something was not said, or does not fit together.
    """
    kind = "runs"
    if found.form == "csv":
        kind = st.radio(
            session.say("page.decide.file_kind"),
            ("trainings", "runs"),
            format_func=lambda one: session.say(f"page.decide.file_kind_{one}"),
            horizontal=True,
            key="decide.file.kind",
        )
    if kind == "trainings":
        typed = decide_columns.of_table(session, found)
    else:
        import_mapping.show(session, state, found)
        if state.mapping is None:
            return None
        typed = decide_columns.of_log(session)
    earlier = decide_columns.earlier(session)
    uses = decide_columns.uses(session, seen.schedules if seen else ())
    if kind == "runs" and state.mapping is not None:
        return results_mapping.of_log(typed, state.mapping, uses, earlier)
    return results_mapping.of_table(typed, uses, earlier)


def _previewed(
    session: Session,
    adoption: Adoption,
    kept: tuple[ResultsOrder, ResultsPreview],
    order: ResultsOrder,
) -> None:
    """What a preview told, and the button that stores it while nothing was changed since."""
    before, seen = kept
    for one in seen.asked:
        said = refusal_line("", one.code, session.language, one.params)
        put(element("p", text(said), class_="pb-remark pb-refused", role="alert"))
    if not seen.rows:
        return
    counts = {fate: sum(row.fate == fate for row in seen.rows) for fate in FATES}
    told = session.say("page.decide.file_counts", **counts)
    put(element("p", text(told), class_="pb-note"))
    put(tables.preview(seen, session.language))
    if before.mapping != order.mapping and not _only_said(before, order, seen):
        st.info(session.say("page.decide.file_changed"))
        return
    if not counts["new"] and not counts["refused"]:
        st.info(session.say("page.decide.file_nothing_new"))
    stored = st.button(
        session.say("page.decide.file_store", count=counts["new"]),
        key="decide.file.store",
        type="primary",
        **session.offer(STORE, disabled=bool(counts["refused"]) or not counts["new"]),
    )
    if stored:
        _store(session, adoption, order)


def _only_said(before: ResultsOrder, order: ResultsOrder, seen: ResultsPreview) -> bool:
    """Whether all that differs is that the page now repeats what the preview found by name."""
    found = {one.name: one.use for one in seen.schedules if one.use is not None}
    same = {**found, **before.mapping.schedules} == {**found, **order.mapping.schedules}
    first, second = before.mapping, order.mapping
    rest = (first.trainings, first.runs, first.earlier)
    return same and rest == (second.trainings, second.runs, second.earlier)


def _store(session: Session, adoption: Adoption, order: ResultsOrder) -> None:
    try:
        made = decide_calls.import_results(session.api, adoption.pilot_id, order)
    except ApiRefused as refused:
        show_refusal(session, refused)
        return
    _forget()
    st.session_state[_STORED] = {
        "file": made.file_name,
        "stored": made.stored,
        "known": made.known,
        "left_out": made.left_out,
    }
    st.rerun()


def _forget() -> None:
    """The next file begins anew."""
    link(FILE_PARAM, None)
    st.session_state.pop(_PREVIEW, None)
    decide_columns.begin_with_what_was_said()
