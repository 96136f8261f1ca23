"""One run: its state, its curves, its stage, its spend, and what can be asked of it."""

from functools import partial

import streamlit as st

from frontend.calls.api import Order
from frontend.components.markup import element, show, text
from frontend.components.trace_card import trace_card
from frontend.figures.trace_markup import Target, WentBack
from frontend.live_runs import OVER, allowed_orders, by_interest, next_in_line
from frontend.session import Session
from frontend.views import live_log
from frontend.views.live_alarms import alarms
from frontend.views.live_caps import Asking
from planner.exchange.page_states import LiveRun, LiveView, Trace
from wording.labels import label, metric_label
from wording.numbers import number, percent
from wording.runs import run_name
from wording.times import duration

_CHOSEN = "live.chosen"

SECONDS_AN_HOUR = 3600

_ROUTES: dict[Order, str] = {
    "pause": "POST /api/runs/{run_id}:pause",
    "resume": "POST /api/runs/{run_id}:resume",
    "retry": "POST /api/runs/{run_id}:retry",
    "cancel": "POST /api/runs/{run_id}:cancel",
}
_PRIORITISE = "POST /api/runs/{run_id}:prioritise"

_ICONS = {
    "pause": ":material/pause:",
    "resume": ":material/play_arrow:",
    "retry": ":material/replay:",
    "cancel": ":material/stop:",
}


def chosen() -> str:
    """Id of the run that somebody wants to see; empty follows what runs."""
    run_id: str = st.session_state.get(_CHOSEN, "")
    return run_id


def card(session: Session, view: LiveView, live: LiveRun, *, orders: Asking) -> None:
    """The watched run."""
    with st.container(border=True, key="card-live-run"):
        _which(session, view)
        state = session.say(f"run_status.{live.run.status}")
        show(
            element(
                "div",
                element(
                    "h2", text(run_name(live.run.run, session.language)), class_="pb-card-title"
                ),
                element("span", text(state), class_=f"pb-state pb-state-{live.run.status}"),
                class_="pb-run-head",
            )
            + _progress(session, live)
            + _stages(session, live)
            + _facts(session, live)
            + _bundle(session, live)
        )
        _why(session, live)
        alarms(session, live)
        _curves(session, view, live)
        _orders(session, view, live, orders)
        live_log.log(session, live)


def _which(session: Session, view: LiveView) -> None:
    names = {live.run.id: run_name(live.run.run, session.language) for live in view.runs}
    st.selectbox(
        session.say("page.live.which"),
        ["", *[live.run.id for live in by_interest(view.runs)]],
        key=_CHOSEN,
        format_func=lambda run_id: names.get(run_id, session.say("page.live.follow")),
    )


def _progress(session: Session, live: LiveRun) -> str:
    share = max(0.0, min(1.0, live.progress_fraction))
    shown = percent(share, session.language)
    return element(
        "div",
        element("span", style=f"width: {share * 100:.1f}%"),
        class_="pb-progress",
        role="progressbar",
        aria_valuenow=f"{share * 100:.0f}",
        aria_valuemin="0",
        aria_valuemax="100",
        aria_label=session.say("page.live.progress", share=shown),
    )


def _stages(session: Session, live: LiveRun) -> str:
    """One mark a stage, the present one in colour."""
    if live.stage is None or live.stages is None:
        return ""
    seen = dict.fromkeys(range(1, live.stage), "pb-past") | {live.stage: "pb-now"}
    marks = [element("span", class_=seen.get(place)) for place in range(1, live.stages + 1)]
    told = session.say(
        "page.live.stage", stage=live.stage, stages=live.stages, batch=live.batch_size or 0
    )
    return element("div", *marks, class_="pb-stages", aria_hidden="true") + element(
        "p", text(told), class_="pb-note"
    )


def _facts(session: Session, live: LiveRun) -> str:
    language = session.language
    run = live.run
    none = session.say("format.none")
    planned = none if run.steps_planned is None else number(run.steps_planned, language)
    steps = session.say("format.of", part=number(run.step, language), whole=planned)
    facts = [
        ("steps", steps if run.steps_planned is not None else number(run.step, language)),
        ("purpose", session.say(f"purpose.{run.run.purpose}")),
        ("priority", number(run.priority, language)),
        ("attempt", number(run.attempt, language)),
        ("worker", run.worker or none),
        ("run_spend", duration(live.spent_device_h * SECONDS_AN_HOUR, language)),
    ]
    if run.queue_position is not None:
        facts.insert(0, ("position", number(run.queue_position, language)))
    if live.expected_start_s is not None:
        facts.insert(1, ("starts", _in_time(session, live.expected_start_s)))
    if live.expected_finish_s is not None:
        facts.insert(1, ("ends", _in_time(session, live.expected_finish_s)))
    listed = [
        element("dt", text(session.say(f"page.live.{name}"))) + element("dd", text(value))
        for name, value in facts
    ]
    return element("dl", *listed, class_="pb-list pb-two")


def _bundle(session: Session, live: LiveRun) -> str:
    """That others are trained with it; a probe and a run alone need no word."""
    size = live.run.bundle_size
    if size == 1:
        return ""
    return element("p", text(session.say("page.live.in_bundle", size=size)), class_="pb-note")


def _in_time(session: Session, seconds: float) -> str:
    return session.say("page.live.in_time", time=duration(seconds, session.language))


def _why(session: Session, live: LiveRun) -> None:
    """Why it is where it is, and the last lines of an error."""
    if live.run.reason:
        show(
            element(
                "p",
                text(label("reason", live.run.reason, session.language)),
                class_="pb-remark pb-warning",
            )
        )
    if live.run.detail and live.run.status == "failed":
        st.code(live.run.detail, language=None, wrap_lines=True)
    elif live.run.detail:
        show(element("p", text(live.run.detail), class_="pb-note"))


def _curves(session: Session, view: LiveView, live: LiveRun) -> None:
    """Loss of the batches, and the target's metric with the target."""
    if not live.loss.steps and not live.evaluations.steps:
        return
    target = view.pilot.pilot.target
    loss, metric = st.columns(2)
    with loss:
        _curve(session, live, "batch_loss", live.loss, live.superseded_loss)
    with metric:
        named = session.say("page.live.target", value=number(target.value, session.language))
        aim = Target(value=target.value, name=named)
        _curve(session, live, target.metric, live.evaluations, live.superseded_evaluations, aim)


def _curve(
    session: Session,
    live: LiveRun,
    metric: str,
    trace: Trace,
    superseded: Trace,
    target: Target | None = None,
) -> None:
    trace_card(
        session,
        live,
        metric_label(metric, session.language),
        trace,
        empty=session.say("page.live.no_points"),
        target=target,
        went_back=WentBack(
            superseded=superseded,
            at_steps=tuple(told.rollback.at_step for told in live.rollbacks),
        ),
        points=target is not None,
    )


def _orders(session: Session, view: LiveView, live: LiveRun, orders: Asking) -> None:
    """Pause, resume, retry, cancel with a reason; earlier or later in the queue."""
    run = live.run
    allowed = () if view.pilot.phase in OVER else allowed_orders(run.status)
    if not allowed:
        return
    reason = f"live.reason.{run.id}"
    st.text_input(
        session.say("page.live.reason"),
        key=reason,
        placeholder=session.say("page.live.reason_hint"),
    )
    with st.container(horizontal=True):
        for order in allowed:
            st.button(
                session.say(f"page.live.order_{order}"),
                icon=_ICONS[order],
                key=f"live.{order}.{run.id}",
                on_click=orders(partial(_order, session, run.id, order, reason)),
                **session.offer(_ROUTES[order]),
            )
        if run.status == "queued":
            st.button(
                session.say("page.live.order_next"),
                icon=":material/vertical_align_top:",
                key=f"live.next.{run.id}",
                on_click=orders(
                    partial(session.api.prioritise_run, run.id, priority=next_in_line(view.runs))
                ),
                **session.offer(_PRIORITISE),
            )
    if run.status == "queued":
        _priority(session, live, orders)


def _order(session: Session, run_id: str, order: Order, reason: str) -> None:
    """Sends an order with the reason that stands in its field when the button is pressed."""
    session.api.order_run(run_id, order, reason=st.session_state.get(reason, ""))


def _priority(session: Session, live: LiveRun, orders: Asking) -> None:
    """An exact priority; a new key when the API has another, so that the field follows it."""
    run = live.run
    key = f"live.priority.{run.id}.{run.priority}"

    def prioritise() -> None:
        session.api.prioritise_run(run.id, priority=st.session_state[key])

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            session.say("page.live.priority_field"), value=run.priority, step=1, key=key
        )
        st.button(
            session.say("page.live.set_priority"),
            key=f"live.set_priority.{run.id}",
            on_click=orders(prioritise),
            **session.offer(_PRIORITISE),
        )
