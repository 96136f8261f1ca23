"""A tour of the example pilot: a small card on each of its pages, found again by its link."""

from typing import Final

import streamlit as st

from frontend import example_pilot
from frontend.components.markup import element, show, text
from frontend.planning import desk as plan_desk
from frontend.session import Session, choose_pilot, go_to, link, linked, part_of_a_page
from frontend.tour_steps import STEPS, TOUR_PARAM, Way, number_of, way_on
from planner.exchange.page_states import PilotSummary

LOOK_EVERY_S = 2
SCHEDULES_OF_A_PLAN: Final = 2
"""Step of the plan that shows what is compared."""

_TRAININGS = "trainings_per_month"
"""Of the assumptions in the side bar; the tour changes it, as anybody may."""


def begin_button(session: Session, *, key: str) -> None:
    """The way into the tour."""
    if st.button(
        session.say("page.tour.begin"),
        key=key,
        icon=":material/tour:",
        **session.offer("POST /api/pilots"),
    ):
        _go(1)


def card(session: Session, path: str) -> None:
    """The step that the link names, on whatever page; nothing outside the tour."""
    number = number_of(linked(TOUR_PARAM))
    if number is None:
        return
    summary = example_pilot.newest(session)
    way = way_on(number, example_pilot.standing(summary), path=path)
    with st.container(border=True, key="tour", gap="small"):
        _told(session, number)
        with st.container(key="tour.awaited"):
            if way in ("wait", "raise"):
                _awaited(session, way)
        with st.container(horizontal=True, vertical_alignment="center"):
            _buttons(session, number, way, summary)


def _told(session: Session, number: int) -> None:
    """Which step it is, and what there is to see."""
    name = STEPS[number - 1].name
    progress = session.say("page.tour.progress", step=number, steps=len(STEPS))
    show(
        element(
            "section",
            element("p", text(progress), class_="pb-muted"),
            element("p", text(session.say(f"page.tour.{name}_title")), class_="pb-tour-title"),
            element("p", text(session.say(f"page.tour.{name}"))),
            class_="pb-tour",
            aria_label=session.say("page.tour.label"),
        )
    )


def _awaited(session: Session, way: Way) -> None:
    """What the tour waits for, until it is there."""

    @st.fragment(run_every=LOOK_EVERY_S)
    def look() -> None:
        with part_of_a_page():
            summary = example_pilot.newest(session)
        if summary is None or example_pilot.standing(summary) not in ("running", "held"):
            st.rerun()
        sentence = session.say(
            f"page.tour.{way}", done=summary.runs_done, planned=summary.runs_planned
        )
        show(element("p", text(sentence), class_="pb-note"))

    look()


def _buttons(session: Session, number: int, way: Way, summary: PilotSummary | None) -> None:
    """Back, on, out, and what may be tried."""
    if number > 1 and st.button(
        session.say("page.tour.back"), key="tour.back", icon=":material/arrow_back:"
    ):
        _go(number - 1, summary)
    _on(session, number, way, summary)
    if STEPS[number - 1].name == "assumption" and way == "next":
        _try(session)
    if way != "finish" and st.button(
        session.say("page.tour.leave"), key="tour.leave", type="tertiary"
    ):
        _leave()


def _on(session: Session, number: int, way: Way, summary: PilotSummary | None) -> None:
    page = session.say(f"page.nav.{STEPS[number - 1].path}")
    waits = way in ("wait", "raise")
    pressed = st.button(
        session.say(f"page.tour.on_{way}", page=page),
        key="tour.on",
        type="primary",
        **(session.offer("POST /api/pilots") if way == "start" else {"disabled": waits}),
    )
    if not pressed:
        return
    if way == "start":
        example_pilot.start(session)
        link(TOUR_PARAM, "2")
        go_to("live")
    if way == "finish":
        _leave()
    _go(number if way == "there" else number + 1, summary)


def _try(session: Session) -> None:
    """Halves the trainings of a month, or brings back what the pilot says."""
    own = example_pilot.example(session).assumptions.trainings_per_month
    changed = st.session_state.get(_TRAININGS, own) != own
    value = own if changed else own / 2
    label = "try_back" if changed else "try"
    st.button(
        session.say(f"page.tour.{label}", trainings=value),
        key="tour.try",
        on_click=lambda: st.session_state.update({_TRAININGS: value}),
    )


def _leave() -> None:
    link(TOUR_PARAM, None)
    st.rerun()


def _go(number: int, summary: PilotSummary | None = None) -> None:
    """To a step on its page, about the example."""
    if summary is not None:
        choose_pilot(summary.id)
    link(TOUR_PARAM, str(number))
    step = STEPS[number - 1]
    if step.path == "plan":
        plan_desk.go_to(SCHEDULES_OF_A_PLAN)
    go_to(step.path)
