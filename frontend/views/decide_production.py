"""Realised against promised: the chart, the results, and the form that enters one."""

from datetime import UTC, datetime

import streamlit as st

from frontend.calls import decide as decide_calls
from frontend.components.cards import show_cards
from frontend.components.chart_card import chart_card
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.terms import head_cell
from frontend.figures.plotly_charts import line_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, local
from frontend.views.decide_orders import asking, field, refusals
from planner.chart import Chart
from planner.decisions.production_result import ProductionResult
from planner.decisions.realised import Realised
from planner.exchange.decisions import Adoption, ResultState
from wording.cards import Card
from wording.charts.axis_spans import spans
from wording.charts.palette import palette
from wording.money import compact_money, money
from wording.numbers import number, percent
from wording.times import day, months

COLUMNS = ("day", "training_h", "paid", "reached", "note")


def production(session: Session, adoption: Adoption) -> None:
    """Draws the part about production; a sentence before anything was signed."""
    if adoption.realised is None or adoption.chart is None or adoption.promise is None:
        with st.container(border=True, key="card-decide-production"):
            card_title(
                session.say("page.decide.production"), session.say("page.decide.production_later")
            )
        return
    _numbers(session, adoption.realised, adoption.promise.payback_months)
    with st.container(key="split-decide"):
        left, right = st.columns([7, 5], gap="medium")
    with left:
        _chart(session, adoption.chart)
    with right, st.container(border=True, key="card-decide-entry"):
        card_title(session.say("page.decide.entry"), session.say("page.decide.entry_hint"))
        _entry(session, adoption)
    if adoption.results:
        _results(session, adoption)


def _numbers(session: Session, found: Realised, promised_months: float | None) -> None:
    language = session.language
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
        card_title(title)
        head = [head_cell(session.say(f"page.decide.{name}"), session.language) for name in COLUMNS]
        rows = [element("tr", *_cells(session, one)) for one in adoption.results]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *rows),
            class_="pb-grid pb-words",
        )
        show_table(table, label=title)
        _withdraw(session, adoption)


def _withdraw(session: Session, adoption: Adoption) -> None:
    """A result that was entered wrongly is taken out again."""
    by_id = {one.id: one for one in adoption.results}
    with st.popover(
        session.say("page.decide.withdraw"),
        **session.offer("POST /api/production-results/{result_id}:withdraw"),
    ):
        chosen = st.selectbox(
            session.say("page.decide.withdraw_which"),
            list(by_id),
            format_func=lambda found: _named(session, by_id[found]),
            key=field("withdraw", "which"),
        )
        reason = st.text_input(session.say("page.decide.reason"), key=field("withdraw", "reason"))
        st.button(
            session.say("page.decide.withdraw_now"),
            key="decide.send.withdraw",
            on_click=asking(
                session,
                "withdraw",
                lambda: decide_calls.withdraw_result(session.api, chosen, reason=reason),
            ),
        )
        refusals("withdraw")


def _named(session: Session, state: ResultState) -> str:
    hours = number(state.result.training_h, session.language)
    return f"{day(state.result.day, session.language)} · {hours} h"


def _cells(session: Session, state: ResultState) -> list[str]:
    result, language = state.result, session.language
    if result.cost is not None:
        paid = money(result.cost.amount, result.cost.currency, language)
    else:
        hours = number(result.device_h or 0.0, language)
        paid = session.say("page.decide.device_hours", hours=hours)
    reached = session.say("page.decide.yes" if result.reached else "page.decide.no")
    words = (
        day(result.day, language),
        number(result.training_h, language),
        paid,
        reached,
        result.note,
    )
    return [element("td", text(word)) for word in words]
