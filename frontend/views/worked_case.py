"""A published case, worked out: how much faster more devices were, at what cost."""

import streamlit as st

from frontend.components.cards import show_cards
from frontend.components.chart_card import chart_card, csv_button, csv_bytes
from frontend.components.headings import page_title
from frontend.components.markup import literal
from frontend.components.markup import show as put
from frontend.figures.plotly_charts import measured_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session
from frontend.tables.worked_case import (
    CSV_COLUMNS,
    SECONDS_PER_HOUR,
    break_even,
    csv_rows,
    worked_table,
)
from planner.projections.worked_case import WorkedCase, WorkedRow
from wording.cards import Card
from wording.charts.palette import palette
from wording.numbers import number, percent, ratio
from wording.times import duration

HEIGHT_PX = 320


def show(session: Session) -> None:
    """Draws every case that ships with the product."""
    for case in session.api.worked_cases():
        _case(session, case)


def _case(session: Session, case: WorkedCase) -> None:
    page_title(
        session.say(f"worked_case.{case.key}.title"),
        session.say(f"worked_case.{case.key}.subtitle"),
    )
    middle = case.rows[(len(case.rows) - 1) // 2]
    show_cards(
        (_speed_up(session, row) for row in (middle, case.rows[-1])),
        session.say("page.worked_case.cards"),
    )
    put(worked_table(case.rows, session.language))
    csv_button(
        session,
        "worked-case",
        lambda: csv_bytes(CSV_COLUMNS, csv_rows(case.rows)),
        session.say("page.worked_case.table"),
    )
    st.write(literal(_reading(session, case)))
    _chart(session, case)
    st.caption(
        session.say(
            "page.worked_case.sources",
            sources="; ".join(dict.fromkeys(row.training.source for row in case.rows)),
        )
    )


def _speed_up(session: Session, row: WorkedRow) -> Card:
    language = session.language
    return Card(
        label=session.say(
            "page.worked_case.on_devices", devices=number(row.training.device_count, language)
        ),
        value=session.say(
            "page.worked_case.faster_value",
            ratio=ratio(row.speed_up_ratio, language, decimals=1 if row.speed_up_ratio < 10 else 0),
        ),
        range=session.say(
            "page.worked_case.cost_value",
            total=ratio(row.device_hours_ratio, language),
            epochs=ratio(row.epochs_ratio, language, decimals=1),
            efficiency=ratio(row.efficiency_loss_ratio, language, decimals=1),
        ),
    )


def _reading(session: Session, case: WorkedCase) -> str:
    """What the last column but two says, in one sentence, and how far the model is off."""
    language = session.language
    before, last = case.rows[-2:]
    saved_h = before.training.training_h - last.training.training_h
    others = [row for row in case.rows if not row.fitted]
    ours = max(abs(row.projection_error_fraction) for row in others)
    naive = max(abs(row.naive_error_fraction) for row in others)
    return session.say(
        "page.worked_case.reading",
        before=number(before.training.device_count, language),
        devices=number(last.training.device_count, language),
        factor=break_even(last, language),
        saved=duration(saved_h * SECONDS_PER_HOUR, language),
        ours=percent(ours, language, decimals=1),
        naive=percent(naive, language),
    )


def _chart(session: Session, case: WorkedCase) -> None:
    look = Look(
        palette=palette(dark=session.dark),
        language=session.language,
        main="projected",
        height_px=HEIGHT_PX,
    )
    chart_card(
        session,
        case.chart,
        measured_figure(case.chart, look),
        subtitle=session.say(f"chart.{case.chart.key}.subtitle"),
    )
