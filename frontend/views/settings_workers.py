"""Workers of the installation: what each is, how fast, where it keeps checkpoints; and the way out.

An administrator shuts one out here; what it was training goes back to the queue.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from frontend.calls import access as access_calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, literal, show, show_table, text
from frontend.components.refusals import show_refusal
from frontend.session import Session
from planner.exchange.states import WorkerState
from wording.numbers import number, significant
from wording.times import duration

_SAID = "settings.workers.said"
_COLUMNS = ("name", "device", "devices", "speed", "store", "holds", "seen")


def workers(session: Session) -> None:
    """The card; closed, for most people look at the Live page."""
    with st.expander(_words(session, "title"), key="settings-workers"):
        said = st.session_state.pop(_SAID, None)
        if said is not None:
            st.success(literal(_words(session, "was_shut_out", worker=said)))
        found = access_calls.workers(session.api)
        card_title(_words(session, "there"), _words(session, "there_hint"))
        if not found:
            show(element("p", text(_words(session, "none")), class_="pb-note"))
            return
        _table(session, found)
        if session.may("POST /api/workers/{worker_id}:revoke"):
            _way_out(session, found)


def _way_out(session: Session, found: tuple[WorkerState, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.selectbox(
            _words(session, "which"),
            found,
            format_func=lambda one: f"{one.name} · {one.device.name}",
            index=None,
            placeholder=_words(session, "choose"),
            key="workers.which",
        )
        pressed = st.button(_words(session, "shut_out"), key="workers.out", disabled=which is None)
        if pressed and which is not None:
            send = partial(access_calls.revoke_worker, session.api, which.id)
            _order(session, send, which.name)


def _order(session: Session, send: Callable[[], object], name: str) -> None:
    try:
        send()
    except ApiRefused as refused:
        show_refusal(session, refused, {})
        return
    st.session_state[_SAID] = name
    st.rerun()


def _table(session: Session, found: tuple[WorkerState, ...]) -> None:
    head = [element("th", text(_words(session, f"column_{one}")), scope="col") for one in _COLUMNS]
    rows = [
        element(
            "tr",
            element("th", text(one.name), scope="row"),
            *(element("td", text(cell)) for cell in _cells(session, one)),
        )
        for one in found
    ]
    table = element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_="pb-grid pb-words",
    )
    show_table(table, label=_words(session, "there"))


def _cells(session: Session, one: WorkerState) -> tuple[str, ...]:
    speed = _words(session, "not_measured")
    if one.samples_per_s is not None:
        shown = significant(one.samples_per_s, session.language)
        speed = _words(session, "samples_per_s", speed=shown)
    store = _words(session, "store_away", store=one.store_url) if one.store_away else one.store_url
    ago = one.seen_ago_s
    seen = "" if ago is None else duration(round(ago), session.language)
    return (
        one.device.name,
        number(one.device_count, session.language),
        speed,
        store,
        str(len(one.run_ids)),
        _words(session, "ago", time=seen) if seen else _words(session, "never"),
    )


def _words(session: Session, key: str, **params: str) -> str:
    return session.say(f"page.workers.{key}", **params)
