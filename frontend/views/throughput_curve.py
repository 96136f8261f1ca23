"""One throughput curve: its numbers, its chart, bundles, and the way to another measurement."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from frontend.components.cards import show_cards
from frontend.components.chart_card import chart_card
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.markup import show as put
from frontend.components.terms import head_cell
from frontend.figures.plotly_charts import measured_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, local
from frontend.tables.curves import state_of
from planner.devices.curve_facts import CurveFacts, CurveState
from planner.devices.throughput import BundleSpeed
from wording.cards import Card
from wording.charts.palette import palette
from wording.numbers import number, percent, ratio, significant
from wording.times import duration, moment

MAIN = "this_curve"
HEIGHT_PX = 420

_COMPARED = "throughput.compared"


def show(session: Session, curve_number: int, *, others: Sequence[CurveState]) -> None:
    """Everything about one curve; ``others`` can be shown beside it."""
    compared = st.session_state.get(_COMPARED)
    known = {curve.number for curve in others if curve.number != curve_number}
    facts = session.api.curve(curve_number, compared_with=compared if compared in known else None)
    _heading(session, facts)
    show_cards(_cards(session, facts), session.say("page.throughput.numbers"))
    with st.container(key="split-throughput"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        _chart(session, facts, [curve for curve in others if curve.number in known])
    with right:
        _details(session, facts)
        if facts.curve.bundles:
            _bundles(session, facts.curve.bundles)


def _heading(session: Session, facts: CurveFacts) -> None:
    """Which curve it is, what it is to the next pilot, and the way to another measurement."""
    state = facts.state
    key = state_of(state)
    at = "" if state.retired_at is None else moment(local(state.retired_at), session.language)
    name = session.say("page.throughput.number", number=str(state.number))
    with st.container(horizontal=True, vertical_alignment="center", key="curve_heading"):
        put(
            element("h2", text(f"{name} · {state.workload} · {state.device}"), class_="pb-section")
            + element(
                "p", text(session.say(f"page.throughput.state_hint_{key}", at=at)), class_="pb-note"
            )
        )
        if state.retired_at is None:
            _again(session, state)


def _again(session: Session, state: CurveState) -> None:
    with st.popover(
        session.say("page.throughput.again"),
        icon=":material/replay:",
        **session.offer("POST /api/throughput/{number}:retire"),
    ):
        st.text(session.say("page.throughput.again_hint"))
        asked = st.button(
            session.say("page.throughput.again_now"), key="throughput.again", type="primary"
        )
    if asked:
        session.api.retire_curve(state.number)
        st.rerun()


def _cards(session: Session, facts: CurveFacts) -> tuple[Card, ...]:
    language = session.language
    words = partial(_words, session)
    largest = number(facts.state.largest_batch_size, language)
    memory = "memory_reached" if facts.state.memory_limited else "memory_not_reached"
    return (
        Card(
            label=words("overhead"),
            value=duration(facts.fit.overhead_s, language),
            range=words("overhead_note"),
        ),
        Card(
            label=words("speed"),
            value=significant(facts.fit.samples_per_s, language),
            range=words("speed_note"),
        ),
        Card(
            label=words("half"),
            value=significant(facts.half_saturation_batch_size, language),
            range=words("half_note"),
        ),
        Card(
            label=words("saturation"),
            value=number(facts.saturation_batch_size, language),
            range=words("saturation_note", largest=largest),
        ),
        Card(
            label=words("memory"),
            value=words(memory, largest=largest),
            range=words(f"{memory}_note", largest=largest),
            tone="caution" if facts.state.memory_limited else "plain",
        ),
    )


def _chart(session: Session, facts: CurveFacts, others: Sequence[CurveState]) -> None:
    names = {curve.number: _name(session, curve) for curve in others}

    def compare() -> None:
        if others:
            st.selectbox(
                _words(session, "compare"),
                [None, *names],
                key=_COMPARED,
                format_func=lambda other: names.get(other) or _words(session, "compare_none"),
            )

    look = Look(
        palette=palette(dark=session.dark),
        language=session.language,
        main=MAIN,
        height_px=HEIGHT_PX,
    )
    chart_card(
        session,
        facts.chart,
        measured_figure(facts.chart, look),
        subtitle=session.say("chart.throughput.subtitle"),
        controls=compare,
    )


def _details(session: Session, facts: CurveFacts) -> None:
    language = session.language
    words = partial(_words, session)
    largest = facts.micro_batch_plan.largest_micro_batch_size
    split = largest <= facts.state.largest_batch_size
    rows = (
        (
            words("best"),
            words(
                "best_value",
                batch=number(facts.best_batch_size, language),
                speed=significant(facts.best_samples_per_s, language),
            ),
        ),
        (words("residual"), percent(facts.fit.residual_fraction, language, decimals=1)),
        (
            words("accumulation"),
            words("accumulation_above", largest=number(largest, language))
            if split
            else words("accumulation_none"),
        ),
        (words("evaluation"), duration(facts.curve.evaluation_s, language)),
        (words("dtype"), facts.state.dtype),
    )
    with st.container(border=True, key="card-curve-details"):
        card_title(words("details"), words("details_hint"))
        listed = [element("dt", text(name)) + element("dd", text(value)) for name, value in rows]
        put(element("dl", *listed, class_="pb-list"))


def _bundles(session: Session, bundles: Sequence[BundleSpeed]) -> None:
    """What training several runs together gained, for every way that was tried."""
    words = partial(_words, session)
    language = session.language
    heads = ("execution", "members", "batch", "speed_up")
    head = [head_cell(words(f"bundle_{name}"), language) for name in heads]
    rows = [
        element(
            "tr",
            element("th", text(words(f"execution_{found.execution}")), scope="row"),
            element("td", text(number(found.members, language))),
            element("td", text(number(found.batch_size, language))),
            element("td", text(ratio(found.speed_up, language, decimals=1))),
        )
        for found in bundles
    ]
    with st.container(border=True, key="card-curve-bundles"):
        card_title(words("bundles"), words("bundles_hint"))
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            class_="pb-grid",
        )
        show_table(table, label=words("bundles"))


def _name(session: Session, curve: CurveState) -> str:
    at = moment(local(curve.measured_at), session.language)
    return _words(session, "curve_name", number=str(curve.number), device=curve.device, at=at)


def _words(session: Session, key: str, **params: str) -> str:
    return session.say(f"page.throughput.{key}", **params)
