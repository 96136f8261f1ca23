"""Realised against promised: the chart, the results, and the form that enters one."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from frontend.calls import decide as decide_calls
from frontend.components.cards import show_cards
from frontend.components.chart_card import chart_card
from frontend.components.headings import card_title
from frontend.components.markup import element, show, show_table, text
from frontend.components.terms import head_cell
from frontend.figures.plotly_charts import line_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, local
from frontend.tables.results import origin_of, paid
from frontend.views.decide_orders import asking, field, refusals
from planner.chart import Chart
from planner.decisions.production_result import ProductionResult
from planner.decisions.promise import Promise
from planner.decisions.realised import Realised
from planner.exchange.decisions import Adoption, ResultState
from wording.cards import Card
from wording.charts.axis_spans import spans
from wording.charts.palette import palette
from wording.money import compact_money
from wording.numbers import number, percent
from wording.times import day, months

COLUMNS = ("day", "schedule", "training_h", "paid", "reached", "note", "origin")

MOST_SHOWN = 100
"""Newest results in the table; all of them count."""


def production(session: Session, adoption: Adoption) -> None:
    """Draws the part about production; a sentence before anything was signed."""
    if adoption.realised is None or adoption.chart is None or adoption.promise is None:
        with st.container(border=True, key="card-decide-production"):
            card_title(
                session.say("page.decide.production"), session.say("page.decide.production_later")
            )
        return
    _numbers(session, adoption.realised, adoption.promise)
    with st.container(key="split-decide"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        _chart(session, adoption.chart)
    with right, st.container(border=True, key="card-decide-entry"):
        card_title(session.say("page.decide.entry"), session.say("page.decide.entry_hint"))
        _entry(session, adoption)
    if adoption.results:
        _results(session, adoption)


def _numbers(session: Session, found: Realised, promise: Promise) -> None:
    language, promised_months = session.language, promise.payback_months
    share = found.realised_fraction
    none = session.say("page.decide.not_known")
    back = found.payback_months
    promised = none if promised_months is None else months(promised_months, language)
    cards = (
        Card(
            label=session.say("page.decide.realised_share"),
            value=none if share is None else percent(share, language),
            range=session.say(
                "page.decide.of_promised",
                value=compact_money(
                    found.promised_value.amount, found.promised_value.currency, language
                ),
            ),
        ),
        Card(
            label=session.say("page.decide.realised_value"),
            value=compact_money(found.value.amount, found.value.currency, language),
            range=session.say(
                "page.decide.trainings", trainings=found.trainings, reached=found.reached
            ),
        ),
        Card(
            label=session.say("page.decide.realised_payback"),
            value=session.say("page.decide.not_yet") if back is None else months(back, language),
            range=session.say("page.decide.payback_promised", payback=promised),
        ),
    )
    show_cards(cards, session.say("page.decide.production"))
    if found.baseline_trainings:
        hours = (
            none
            if found.baseline_training_h is None
            else number(found.baseline_training_h, language)
        )
        told = session.say(
            "page.decide.under_baseline",
            trainings=found.baseline_trainings,
            hours=hours,
            promised=number(promise.today_h, language),
        )
        show(element("p", text(told), class_="pb-note"))


def _chart(session: Session, chart: Chart) -> None:
    look = Look(palette=palette(dark=session.dark), language=session.language, main="promised")
    unit = spans(chart, session.language)[1].scale.unit
    subtitle = session.say("page.decide.chart_subtitle", unit=unit)
    chart_card(session, chart, line_figure(chart, look), subtitle=subtitle)


def _entry(session: Session, adoption: Adoption) -> None:
    say = session.say
    left, right = st.columns(2)
    with left:
        ended = st.date_input(
            say("page.decide.day"), value=local(datetime.now(UTC)).date(), key=field("entry", "day")
        )
        hours = st.number_input(
            say("page.decide.training_h"), value=None, format="%.10g", key=field("entry", "hours")
        )
    with right:
        device_h = st.number_input(
            say("page.decide.device_h"), value=None, format="%.10g", key=field("entry", "device_h")
        )
        reached = st.checkbox(say("page.decide.reached"), value=True, key=field("entry", "reached"))
    note = st.text_input(say("page.decide.note"), key=field("entry", "note"))

    def send() -> None:
        result = ProductionResult(
            day=ended.isoformat(),
            training_h=hours or 0.0,
            device_h=device_h or 0.0,
            reached=reached,
            note=note,
        )
        decide_calls.enter_result(session.api, adoption.pilot_id, result)

    st.button(
        say("page.decide.enter"),
        key="decide.send.entry",
        type="primary",
        on_click=asking(session, "entry", send),
        **session.offer("POST /api/pilots/{pilot_id}/production-results"),
    )
    refusals("entry")


def _results(session: Session, adoption: Adoption) -> None:
    with st.container(border=True, key="card-decide-results"):
        title = session.say("page.decide.results")
        few = len(adoption.results) <= MOST_SHOWN
        shown = session.say("page.decide.newest", most=MOST_SHOWN, all=len(adoption.results))
        card_title(title, "" if few else shown)
        head = [head_cell(session.say(f"page.decide.{name}"), session.language) for name in COLUMNS]
        rows = [element("tr", *_cells(session, one)) for one in adoption.results[:MOST_SHOWN]]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            class_="pb-grid pb-words",
        )
        show_table(table, label=title)
        _withdraw(session, adoption)


def _withdraw(session: Session, adoption: Adoption) -> None:
    """What was entered wrongly is taken out again, a result or all of a file."""
    options = {one.id: _named(session, one) for one in adoption.results}
    files = _files(session, adoption)
    with st.popover(
        session.say("page.decide.withdraw"),
        **session.offer("POST /api/production-results/{result_id}:withdraw"),
    ):
        chosen = st.selectbox(
            session.say("page.decide.withdraw_which"),
            [*options, *files],
            format_func={**options, **files}.__getitem__,
            key=field("withdraw", "which"),
        )
        reason = st.text_input(session.say("page.decide.reason"), key=field("withdraw", "reason"))
        st.button(
            session.say("page.decide.withdraw_now"),
            key="decide.send.withdraw",
            on_click=asking(
                session,
                "withdraw",
                partial(_send_withdrawal, session, adoption, chosen, reason, whole=chosen in files),
            ),
        )
        refusals("withdraw")


def _files(session: Session, adoption: Adoption) -> dict[str, str]:
    """Files that results were taken from, by their hash."""
    origins = [one.result.origin for one in adoption.results if one.result.origin is not None]
    counts = Counter(one.sha256 for one in origins)
    names = {one.sha256: one.file_name for one in origins}
    return {
        sha256: session.say("page.decide.file_whole", file=names[sha256], trainings=count)
        for sha256, count in counts.items()
    }


def _send_withdrawal(
    session: Session, adoption: Adoption, chosen: str, reason: str, *, whole: bool
) -> None:
    if whole:
        decide_calls.withdraw_file(session.api, adoption.pilot_id, sha256=chosen, reason=reason)
    else:
        decide_calls.withdraw_result(session.api, chosen, reason=reason)


def _named(session: Session, state: ResultState) -> str:
    hours = number(state.result.training_h, session.language)
    return f"{day(state.result.day, session.language)} · {hours} h"


def _cells(session: Session, state: ResultState) -> list[str]:
    result, language = state.result, session.language
    reached = session.say("page.decide.yes" if result.reached else "page.decide.no")
    words = (
        day(result.day, language),
        session.say(f"role.{result.role}"),
        number(result.training_h, language),
        paid(result, language),
        reached,
        result.note,
        origin_of(result.origin, state.entered_by, language),
    )
    return [element("td", text(word)) for word in words]
