"""What if the number of devices or the hardware changes: projected, never measured."""

from dataclasses import dataclass

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.calls.scaling import newest_scaling
from frontend.choices.what_if import MEASURED_HERE, Asked, Known, what_if_request
from frontend.components.chart_card import chart_card, csv_button, csv_bytes
from frontend.components.facts import show_facts
from frontend.components.frame import refused_notice
from frontend.components.markup import literal, text
from frontend.figures.plotly_charts import front_figure, line_figure, measured_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, link, linked
from frontend.tables.what_if import (
    CSV_COLUMNS,
    csv_rows,
    left_out,
    measured_rows,
    plan_rows,
    remarks,
)
from frontend.views.plan_devices import hand_over
from planner.economics.rates import RateCard
from planner.exchange.states import PilotState
from planner.projections.device_speed import TypedPoint
from planner.projections.what_if_values import WhatIf
from planner.refusal import Refusal
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.charts.axis_spans import spans
from wording.charts.palette import palette
from wording.refusals import refusal_sentence

FABRIC_PARAM = "fabric"
OTHER_PARAM = "other_hardware"
COLUMNS = ("plan", "hardware", "devices", "time", "cost", "net_benefit", "reading")
MEASURED_COLUMNS = (
    *("hardware", "devices", "measured_time", "projected_time"),
    *("projected_over_measured", "communication", "reading"),
)
_MS_PER_S = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the what-if is about."""

    state: PilotState
    review: Review
    reviewed: ScheduleReview
    prices: tuple[RateCard, ...]


def what_if(session: Session, about: About) -> None:
    """Fields, the named plans, both charts, and what they rest on."""
    known = _known(session, about.state)
    try:
        asked = _asked(session, about, known)
        request = what_if_request(about.review, about.reviewed, asked, known)
        if request is None:
            st.write(session.say("page.review.what_if_no_stages"))
            return
        found = session.api.what_if(request)
    except Refusal as refusal:
        said = refusal_sentence(refusal.code, session.language, dict(refusal.params))
        st.error(literal(said))
        return
    except ApiRefused as refused:
        refused_notice(session, refused)
        return
    _show(session, about, found)


def trade_off(session: Session, review: Review, look: Look) -> None:
    """Steps against samples over constant batch sizes, or why that is not offered."""
    found = review.batch_trade_off
    if found.fit is None:
        title = session.say("chart.batch_trade_off.title")
        reason = session.say(f"batch_trade_off.{found.not_offered}")
        st.caption(literal(session.say("page.review.of_hardware", name=title, said=reason)))
        return
    chart_card(
        session,
        found.fit.chart,
        measured_figure(found.fit.chart, look),
        subtitle=session.say("chart.batch_trade_off.subtitle"),
    )


def _show(session: Session, about: About, found: WhatIf) -> None:
    label = session.say("page.review.details_what_if")
    rows = plan_rows(found, session.language)
    if rows:
        titles = [session.say(f"page.review.plans_{name}") for name in COLUMNS]
        show_facts(titles, [[text(cell) for cell in row] for row in rows], label=label)
    elif found.charts:
        st.write(session.say("page.review.no_plan_within"))
    measured = measured_rows(found, session.language)
    if rows:
        against = "plans_against_measured" if measured else "plans_against"
        st.caption(session.say(f"page.review.{against}"))
        st.caption(literal(left_out(about.review.production, session.language)))
        hand_over(session, about.state, about.reviewed, found)
    if measured:
        _show_measured(session, measured)
    for said in remarks(found, session.language):
        st.caption(literal(said))
    csv_button(session, "device-plans", lambda: csv_bytes(CSV_COLUMNS, csv_rows(found)), label)
    look = Look(
        palette=palette(dark=session.dark),
        language=session.language,
        main=about.review.price.device,
    )
    charts = {chart.key: chart for chart in found.charts if any(one.x for one in chart.series)}
    with st.container(key="charts-what-if"):
        places = st.columns(2)
    for place, key in zip(places, ("device_counts", "device_plans"), strict=True):
        if key in charts:
            draw = line_figure if key == "device_counts" else front_figure
            unit = spans(charts[key], session.language)[1].scale.unit
            told = f"{key}_measured" if measured and key == "device_counts" else key
            subtitle = session.say(f"page.review.{told}_subtitle", unit=unit)
            with place:
                chart_card(session, charts[key], draw(charts[key], look), subtitle=subtitle)


def _show_measured(session: Session, rows: list[list[str]]) -> None:
    """What several devices showed, beside what is projected for as many."""
    titles = [session.say(f"page.review.plans_{name}") for name in MEASURED_COLUMNS]
    cells = [[text(cell) for cell in row] for row in rows]
    show_facts(titles, cells, label=session.say("page.review.measured_devices"))


def _known(session: Session, state: PilotState) -> Known:
    """Newest curves come first, so that the first of a device is its newest."""
    numbers: dict[str, int] = {}
    for found in session.api.curves(workload=state.pilot.workload).items:
        numbers.setdefault(found.device, found.number)
    scaling = newest_scaling(
        session.api, workload=state.pilot.workload, dtype=state.pilot.precision
    )
    return Known(own=state.throughput, numbers=numbers, scaling=scaling)


def _asked(session: Session, about: About, known: Known) -> Asked:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        other = _other(session, about)
        fabric = ""
        payload = 0.0
        if other is not None or not about.review.speed_points:
            cards = (about.review.price, *(() if other is None else (other,)))
            measured = any(known.scaling_of(card) is not None for card in cards)
            fabric = _fabric(session, measured=measured)
            if fabric != MEASURED_HERE:
                payload = _number(session, "payload_mb")
        deadline = _number(session, "deadline_h")
        budget = _number(session, "budget", currency=about.review.assumptions.currency)
    points: tuple[TypedPoint, ...] = ()
    if other is not None and not known.speed_of(other):
        points = _points(session)
    return Asked(
        fabric_id=fabric,
        payload_mb=payload,
        deadline_h=deadline,
        budget=budget,
        other=other,
        other_points=points,
    )


def _other(session: Session, about: About) -> RateCard | None:
    by_id = {card.id: card for card in about.prices if card.id != about.review.price.id}
    names = ["", *by_id]
    named = linked(OTHER_PARAM) or ""
    chosen = st.selectbox(
        session.say("page.review.what_if_other"),
        names,
        index=names.index(named) if named in names else 0,
        format_func=lambda found: (
            f"{by_id[found].device}, {by_id[found].vendor}"
            if found
            else session.say("page.review.what_if_none")
        ),
        key="what_if_other",
        on_change=lambda: link(OTHER_PARAM, st.session_state["what_if_other"] or None),
    )
    return by_id.get(chosen)


def _fabric(session: Session, *, measured: bool) -> str:
    """Nothing, what was measured with this workload where it was, or a published fabric."""
    here = [MEASURED_HERE] if measured else []
    names = ["", *here, *(fabric.id for fabric in session.api.fabrics())]
    words = {
        "": session.say("page.review.what_if_none"),
        MEASURED_HERE: session.say("page.review.what_if_measured_here"),
    }
    named = linked(FABRIC_PARAM) or ""
    return st.selectbox(
        session.say("page.review.what_if_fabric"),
        names,
        index=names.index(named) if named in names else 0,
        format_func=lambda found: words.get(found, found),
        key="what_if_fabric",
        on_change=lambda: link(FABRIC_PARAM, st.session_state["what_if_fabric"] or None),
    )


def _points(session: Session) -> tuple[TypedPoint, ...]:
    """Two typed step times; nothing until all four numbers are there."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = [_number(session, name) for name in ("batch_1", "step_1", "batch_2", "step_2")]
    if not all(typed):
        st.caption(session.say("page.review.what_if_points"))
        return ()
    return tuple(
        TypedPoint(batch_size=int(batch), step_time_s=step / _MS_PER_S)
        for batch, step in (typed[:2], typed[2:])
    )


def _number(session: Session, name: str, **params: str) -> float:
    return float(
        st.number_input(
            session.say(f"page.review.what_if_{name}", **params),
            min_value=0.0,
            value=0.0,
            key=f"what_if_{name}",
            bind="query-params",
        )
        or 0.0
    )
