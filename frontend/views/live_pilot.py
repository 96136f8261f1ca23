"""The head of the live page: which pilot, how far, what it has spent, and how to end it."""

import streamlit as st

from frontend.components.cards import show_cards
from frontend.components.headings import page_title
from frontend.live_runs import OVER, why_unknown
from frontend.session import Session, go_to
from frontend.views import live_caps
from planner.exchange.page_states import LiveView
from planner.pilots.run import PHASE_ENDING
from wording.cards import Card
from wording.money import money
from wording.numbers import number, percent
from wording.phases import phase_words
from wording.times import duration

SECONDS_AN_HOUR = 3600


def head(session: Session, view: LiveView, *, orders: live_caps.Asking) -> None:
    """Name and phase, and what can be done with the whole pilot."""
    pilot = view.pilot
    title, actions = st.columns([7, 4], vertical_alignment="center")
    with title:
        where = pilot.measured_on or session.say("page.live.no_device")
        phase = phase_words(pilot.phase, session.language, cap_reached=pilot.cap_reached)
        page_title(pilot.pilot.name, f"{phase} · {pilot.pilot.workload} · {where}")
    with actions, st.container(horizontal=True, horizontal_alignment="right"):
        if pilot.phase not in OVER:
            live_caps.raise_caps(session, view, orders=orders)
            _cancel(session, view, orders)
        if st.button(
            session.say("page.nav.review"),
            key="live.review",
            icon=":material/query_stats:",
            type="primary" if pilot.phase == "done" else "secondary",
        ):
            go_to("review")


def _cancel(session: Session, view: LiveView, orders: live_caps.Asking) -> None:
    pilot_id = view.pilot.id

    def cancel() -> None:
        session.api.cancel_pilot(pilot_id, reason=st.session_state["live.pilot_reason"])

    with st.popover(
        session.say("page.live.cancel_pilot"),
        icon=":material/stop_circle:",
        **session.offer("POST /api/pilots/{pilot_id}:cancel"),
    ):
        st.text(session.say("page.live.cancel_pilot_hint"))
        st.text_input(session.say("page.live.reason"), key="live.pilot_reason")
        st.button(
            session.say("page.live.cancel_pilot_now"),
            key="live.cancel_pilot",
            type="primary",
            on_click=orders(cancel),
        )


def numbers(session: Session, view: LiveView) -> None:
    """Runs, what runs now, spend, finish, workers."""
    cards = (
        _runs(session, view),
        _running(session, view),
        _spend(session, view),
        _finish(session, view),
        _workers(session, view),
    )
    show_cards(cards, session.say("page.live.numbers"))


def _runs(session: Session, view: LiveView) -> Card:
    done = sum(live.run.status in PHASE_ENDING for live in view.runs)
    attention = sum(live.run.status in ("failed", "paused", "capped") for live in view.runs)
    part = session.say("format.of", part=done, whole=len(view.runs))
    probed = any(live.run.run.schedule is None for live in view.runs)
    known = "page.live.runs_note_probe" if probed else "page.live.runs_note"
    note = "page.live.attention" if attention else known
    return Card(
        label=session.say("page.live.runs_done"),
        value=part,
        range=session.say(note, count=attention),
        tone="caution" if attention else "plain",
    )


def _running(session: Session, view: LiveView) -> Card:
    running = sum(live.run.status == "running" for live in view.runs)
    queued = sum(live.run.status == "queued" for live in view.runs)
    return Card(
        label=session.say("page.live.running"),
        value=number(running, session.language),
        range=session.say("page.live.waiting", count=queued),
    )


def _spend(session: Session, view: LiveView) -> Card:
    language = session.language
    time = duration(view.spent_device_h * SECONDS_AN_HOUR, language)
    value = time
    if view.spent is not None:
        value = money(view.spent.amount, view.spent.currency, language)
    if view.cap_device_h is None:
        note = session.say("page.live.no_cap") if view.spent is None else time
    else:
        share = percent(view.spent_device_h / view.cap_device_h, language)
        note = session.say("page.live.of_cap", share=share, cap=number(view.cap_device_h, language))
    if any(live.run.status == "running" for live in view.runs):
        note = session.say("page.live.spend_held", note=note)
    return Card(label=session.say("page.live.spend"), value=value, range=note)


def _finish(session: Session, view: LiveView) -> Card:
    label = session.say("page.live.finish")
    if view.pilot.phase in OVER:
        phase = session.say(f"pilot_phase.{view.pilot.phase}")
        return Card(label=label, value=phase, range=session.say("page.live.finish_over"))
    if view.expected_finish_s is None or view.pilot.cap_reached:
        unknown = session.say("page.plan.unknown")
        return Card(label=label, value=unknown, range=session.say(f"page.live.{why_unknown(view)}"))
    left = duration(view.expected_finish_s, session.language)
    value = session.say("page.live.in_time", time=left)
    return Card(label=label, value=value, range=session.say("page.live.finish_note"))


def _workers(session: Session, view: LiveView) -> Card:
    busy = sum(bool(worker.run_ids) for worker in view.workers)
    return Card(
        label=session.say("page.live.workers"),
        value=number(len(view.workers), session.language),
        range=session.say("page.live.workers_busy", count=busy),
        tone="plain" if view.workers else "caution",
    )
