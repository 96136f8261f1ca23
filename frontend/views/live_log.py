"""What the trainer of a run printed: its newest lines, searched, and taken away as text."""

import streamlit as st

from frontend.calls.api import ApiUnreachable
from frontend.components.markup import element, show, text
from frontend.session import Session
from planner.exchange.page_states import LiveRun
from planner.exchange.run_log import MOST_LINES_SHOWN, RunLog
from wording.numbers import number
from wording.sentences import together

LINES = 100
"""Lines on the page; the search and the file reach back further."""

_SEARCH = "live.log.search"


def log(session: Session, live: LiveRun) -> None:
    """The log of the watched run; it is read only while it is open."""
    if live.run.attempt == 0:
        return
    box = st.expander(
        session.say("page.live.printed"),
        icon=":material/terminal:",
        key="live.log",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        try:
            _read(session, live)
        except ApiUnreachable:
            _note(session.say("page.live.printed_away"))


def _read(session: Session, live: LiveRun) -> None:
    run_id = live.run.id
    attempt, search = _choice(session, live)
    found = session.api.run_log(run_id, attempt=attempt, search=search, limit=LINES)
    _note(_told(session, found, search))
    if found.lines:
        show(_markup(session, found))
    st.download_button(
        session.say("page.live.printed_take"),
        lambda: _as_text(
            session.api.run_log(run_id, attempt=attempt, search=search, limit=MOST_LINES_SHOWN)
        ),
        file_name=f"paybatch-log-{run_id}-attempt-{found.attempt}.txt",
        mime="text/plain",
        key="live.log.take",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def _choice(session: Session, live: LiveRun) -> tuple[int | None, str]:
    """Which attempt, where there were several, and what its lines must hold."""
    search, attempts = st.columns([2, 1], vertical_alignment="bottom")
    with search:
        wanted = st.text_input(
            session.say("page.live.printed_search"), key=_SEARCH, icon=":material/search:"
        )
    if live.run.attempt == 1:
        return None, wanted
    with attempts:
        attempt = st.selectbox(
            session.say("page.live.attempt"),
            range(live.run.attempt, 0, -1),
            key=f"live.log.attempt.{live.run.id}.{live.run.attempt}",
            format_func=lambda one: number(one, session.language),
        )
    return attempt, wanted


def _told(session: Session, found: RunLog, search: str) -> str:
    """How many lines there are, are shown, and are kept no more."""
    language = session.language
    if not found.printed:
        return session.say("page.live.printed_nothing")
    if search and not found.found:
        return session.say("page.live.printed_not_found")
    shown = session.say(
        "page.live.printed_shown",
        shown=number(len(found.lines), language),
        found=number(found.found, language),
    )
    if not found.lost:
        return shown
    return together(
        (shown, session.say("page.live.printed_lost", lost=number(found.lost, language)))
    )


def _markup(session: Session, found: RunLog) -> str:
    """Numbered lines, the newest at the end, in a box that scrolls."""
    width = len(str(found.lines[-1].number))
    lines = "\n".join(
        element("b", f"{line.number:>{width}}", aria_hidden="true") + f"  {text(line.text)}"
        for line in found.lines
    )
    return element(
        "pre",
        lines,
        class_="pb-printed",
        tabindex="0",
        role="region",
        aria_label=session.say("page.live.printed"),
    )


def _as_text(found: RunLog) -> bytes:
    return "".join(f"{line.number}\t{line.text}\n" for line in found.lines).encode()


def _note(sentence: str) -> None:
    show(element("p", text(sentence), class_="pb-note"))
