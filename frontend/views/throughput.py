"""Throughput: which curves were measured, what each says, and how to measure again."""

from collections.abc import Sequence

import streamlit as st

from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.headings import page_title
from frontend.components.markup import show as put
from frontend.session import Session, go_to, link, linked
from frontend.tables.curves import CSV_COLUMNS, CURVE_PARAM, csv_rows, curve_table
from frontend.views import throughput_curve, throughput_scaling
from planner.devices.curve_facts import CurveState

WORKLOAD_PARAM, DEVICE_PARAM = "workload", "device"


def show(session: Session) -> None:
    """Draws the page."""
    known = session.api.curves().items
    if not known:
        _empty(session)
        return
    page_title(session.say("page.throughput.title"), session.say("page.throughput.subtitle"))
    workload, device = _filters(session, known)
    found = session.api.curves(workload=workload, device=device).items
    if not found:
        st.write(session.say("page.throughput.none_found"))
        return
    shown = _shown(found)
    put(curve_table(found, shown, session.language))
    csv_button(
        session,
        "curves",
        lambda: csv_bytes(CSV_COLUMNS, csv_rows(found)),
        session.say("page.throughput.title"),
    )
    throughput_curve.show(session, shown, others=known)
    curve = next(one for one in found if one.number == shown)
    throughput_scaling.show(session, workload=curve.workload, device=curve.device)


def _empty(session: Session) -> None:
    page_title(session.say("page.throughput.empty_title"))
    with st.container(border=True, key="card-empty"):
        st.write(session.say("page.throughput.empty_body"))
        if st.button(session.say("page.throughput.plan"), key="throughput.plan"):
            go_to("plan")


def _filters(session: Session, known: Sequence[CurveState]) -> tuple[str | None, str | None]:
    """Workload and device that are looked for; kept in the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="curve_filters"):
        workload = _filter(session, WORKLOAD_PARAM, [curve.workload for curve in known])
        device = _filter(session, DEVICE_PARAM, [curve.device for curve in known])
    return workload, device


def _filter(session: Session, name: str, values: Sequence[str]) -> str | None:
    wanted = linked(name)
    offered = ["", *sorted({*values})]
    chosen = st.selectbox(
        session.say(f"page.throughput.{name}"),
        offered,
        index=offered.index(wanted) if wanted in offered else 0,
        key=f"throughput.{name}",
        format_func=lambda value: value or session.say("page.throughput.all"),
        width=300,
    )
    link(name, chosen or None)
    return chosen or None


def _shown(found: Sequence[CurveState]) -> int:
    """The curve that the link names, if it is in the list; else the one in use, else the newest."""
    numbers = [curve.number for curve in found]
    named = linked(CURVE_PARAM) or ""
    if named.isdecimal() and int(named) in numbers:
        return int(named)
    return next((curve.number for curve in found if curve.in_use), numbers[0])
