"""Decide: the next step, the gates with their sign-offs, and what production made of them."""

from functools import partial

import streamlit as st

from frontend.calls import decide as decide_calls
from frontend.calls.api import ApiRefused
from frontend.choices.review import request_for
from frontend.components.assumptions import Sidebar
from frontend.components.headings import card_title, page_title
from frontend.components.markup import element, show_table, text
from frontend.components.markup import show as show_markup
from frontend.components.no_pilot import no_pilot
from frontend.components.terms import head_cell
from frontend.components.verdict_banner import verdict_banner
from frontend.price_book.choice import cards, with_row
from frontend.session import Session, current_pilot, linked, local
from frontend.views.decide_files import from_file
from frontend.views.decide_gate import gate, way_back
from frontend.views.decide_orders import asking, field, refusals
from frontend.views.decide_production import production
from frontend.views.review import NOT_MEASURED, SCHEDULE_PARAM
from planner.exchange.decisions import Adoption, Decision, DecisionTerms
from planner.exchange.states import PilotState
from planner.refusal import Refusal
from planner.reviews.next_step import ASKS_FOR_SEEDS, MOST_MORE_SEEDS
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from wording.next_step import next_step_of
from wording.times import moment

COLUMNS = ("at", "decision", "who", "reason", "snapshot")
HASH_SHOWN = 12


def show(session: Session) -> None:
    """Draws the page about the pilot that the link names."""
    pilot_id = current_pilot()
    if pilot_id is None:
        no_pilot(session, "decide")
        return
    state = session.api.pilot(pilot_id)
    with st.sidebar:
        prices = with_row(cards(session), state.pilot.hardware.profile)
        sidebar = Sidebar(session, state.pilot, prices)
        choice = sidebar.show(pilot_id)
    try:
        request = request_for(pilot_id, state.pilot, choice)
        terms = DecisionTerms(schedule=linked(SCHEDULE_PARAM), review=request)
        adoption = decide_calls.adoption(session.api, pilot_id, terms)
        review = _review(session, request)
    except (ApiRefused, Refusal) as refused:
        page_title(state.pilot.name)
        sidebar.refuse(refused)
        st.info(session.say("page.review.refused"))
        return
    _heading(session, state, adoption)
    if review is not None:
        _verdict(session, review, adoption.schedule)
    _next_step(session, state, adoption)
    gate(session, adoption, terms)
    production(session, adoption)
    from_file(session, adoption)
    way_back(session, adoption)
    _history(session, adoption)


def _verdict(session: Session, review: Review, schedule: str) -> None:
    """On the candidate that the gate is about; nothing before one was chosen."""
    reviewed = next((one for one in review.schedules if one.schedule == schedule), None)
    if reviewed is not None:
        verdict_banner(session, review, reviewed)


def _review(session: Session, request: ReviewRequest) -> Review | None:
    """What the verdict stands on; None before anything was measured."""
    try:
        return session.api.review(request)
    except ApiRefused as refused:
        if refused.problems[0].code == NOT_MEASURED:
            return None
        raise


def _heading(session: Session, state: PilotState, adoption: Adoption) -> None:
    with st.container(horizontal=True, vertical_alignment="top", wrap=False, key="page-head"):
        page_title(state.pilot.name, session.say("page.decide.subtitle"))
        ready = adoption.stage == "pilot" and state.phase == "done"
        badge = session.say("page.decide.ready" if ready else f"adoption.{adoption.stage}")
        show_markup(element("span", text(badge), class_="pb-badge"), width="content")


def _next_step(session: Session, state: PilotState, adoption: Adoption) -> None:
    """What more seeds are worth and cost, and the click that adds them."""
    step = adoption.next_step
    if step is None:
        return
    with st.container(border=True, key="card-decide-next"):
        card_title(session.say("page.decide.next"))
        st.text(next_step_of(step, adoption.schedule, session.language))
        if state.phase != "done" or not step.looks_left:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            seeds = st.number_input(
                session.say("page.decide.seeds"),
                min_value=1,
                max_value=MOST_MORE_SEEDS,
                value=step.seeds or 1,
                key=field("seeds", "count"),
                width=220,
            )
            send = partial(decide_calls.add_seeds, session.api, adoption.pilot_id, seeds)
            st.button(
                session.say("page.decide.add_seeds"),
                key="decide.send.seeds",
                type="primary" if step.kind in ASKS_FOR_SEEDS else "secondary",
                on_click=asking(session, "seeds", send),
                **session.offer("POST /api/pilots/{pilot_id}:add-seeds"),
            )
        st.caption(session.say("page.decide.seeds_hint", looks=step.looks_left))
        refusals("seeds")


def _history(session: Session, adoption: Adoption) -> None:
    with st.container(border=True, key="card-decide-history"):
        title = session.say("page.decide.history")
        if not adoption.history:
            card_title(title, session.say("page.decide.no_history"))
            return
        card_title(title, session.say("page.decide.history_hint"))
        head = [
            head_cell(session.say(f"page.decide.column_{name}"), session.language)
            for name in COLUMNS
        ]
        rows = [element("tr", *_cells(session, one)) for one in adoption.history]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            class_="pb-grid pb-words",
        )
        show_table(table, label=title)


def _cells(session: Session, decision: Decision) -> list[str]:
    what = session.say(f"gate_event.{decision.kind}")
    if decision.gate is not None:
        what = f"{what}: {session.say(f'gate.{decision.gate}')}"
    if decision.kind == "criteria_fixed":
        when = "before" if decision.before_results else "after"
        what = f"{what} ({session.say(f'page.decide.{when}_results')})"
    if decision.override:
        what = f"{what} ({session.say('page.decide.overridden')})"
    sha256 = decision.snapshot_sha256 or ""
    return [
        element("td", text(moment(local(decision.at), session.language))),
        element("td", text(what)),
        element("td", text(decision.name or decision.by)),
        element("td", text(decision.reason)),
        element("td", element("code", text(sha256[:HASH_SHOWN]), title=sha256 or None)),
    ]
