"""A pilot while it runs: one look a second, until nothing runs any more."""

from collections.abc import Callable

import streamlit as st

from frontend.calls.api import ApiRefused, ApiUnreachable, SignedOut
from frontend.components import meters
from frontend.components.no_pilot import no_pilot
from frontend.live_runs import is_moving, watched
from frontend.session import Session, current_pilot, part_of_a_page
from frontend.views import live_caps, live_pilot, live_queue, live_run, live_tables
from planner.exchange.page_states import LiveView
from wording.refusals import refusal_line

EVERY_S = 1

_LAST, _MOVING, _REFUSED = "live.last", "live.moving", "live.refused"


def show(session: Session) -> None:
    """Draws the page."""
    pilot_id = current_pilot()
    if pilot_id is None:
        no_pilot(session, "live")
        return
    _watch(session, pilot_id)


def _watch(session: Session, pilot_id: str) -> None:
    """Looks again every second while something moves or the API is away."""
    moving = st.session_state.get(f"{_MOVING}.{pilot_id}", True)

    @st.fragment(run_every=EVERY_S if moving else None)
    def look() -> None:
        with part_of_a_page():
            view, away = _look(session, pilot_id)
        goes_on = away or (view is not None and is_moving(view))
        if goes_on != moving:
            st.session_state[f"{_MOVING}.{pilot_id}"] = goes_on
            st.rerun()
        if away:
            st.warning(session.say("page.live.away"), icon=":material/cloud_off:")
        if view is not None:
            _draw(session, view)

    look()


def _look(session: Session, pilot_id: str) -> tuple[LiveView | None, bool]:
    """The newest view, or the last one while the API is away."""
    try:
        view = session.api.live(pilot_id, run_id=live_run.chosen() or None)
    except ApiUnreachable:
        last: LiveView | None = st.session_state.get(f"{_LAST}.{pilot_id}")
        return last, True
    st.session_state[f"{_LAST}.{pilot_id}"] = view
    return view, False


def _draw(session: Session, view: LiveView) -> None:
    live_pilot.head(session, view, orders=_asking(session))
    _refused(session)
    live_caps.caps(session, view)
    live_pilot.numbers(session, view)
    run = watched(view.runs, live_run.chosen())
    with st.container(key="split-live"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        if run is not None:
            live_run.card(session, view, run, orders=_asking(session))
            meters.card(session, run)
    with right:
        live_tables.workers(session, view)
        live_tables.log(session, view)
    live_queue.card(session, view)
    live_tables.runs(session, view)


def _asking(session: Session) -> Callable[[Callable[[], object]], Callable[[], None]]:
    """Makes a callback of an order to the API that keeps why it was refused."""

    def callback(order: Callable[[], object]) -> Callable[[], None]:
        def ask() -> None:
            try:
                order()
            except ApiRefused as refused:
                st.session_state[_REFUSED] = [
                    refusal_line(found.field, found.code, session.language, found.params)
                    for found in refused.problems
                ]
            except ApiUnreachable:
                st.session_state[_REFUSED] = [session.say("page.live.order_lost")]
            except SignedOut:
                return  # the page that follows says so
            else:
                st.session_state.pop(_REFUSED, None)

        return ask

    return callback


def _refused(session: Session) -> None:
    """Why the last order was refused, until it is read."""
    sentences: list[str] = st.session_state.get(_REFUSED, [])
    if not sentences:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        for sentence in sentences:
            st.text(sentence)
        st.button(
            session.say("page.live.read"),
            key="live.read",
            on_click=lambda: st.session_state.pop(_REFUSED, None),
        )
