"""How a workload scales over several of a device: measured, beside what one of them predicts."""

import streamlit as st

from frontend.calls.scaling import scaling, scaling_list
from frontend.components.chart_card import chart_card, csv_button, csv_bytes
from frontend.components.headings import card_title
from frontend.components.markup import literal
from frontend.components.markup import show as put
from frontend.figures.plotly_charts import measured_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session, local
from frontend.tables.scaling import CSV_COLUMNS, csv_rows, scaling_table
from planner.projections.scaling_facts import ScalingFacts
from wording.charts.axis_spans import spans
from wording.charts.palette import palette
from wording.numbers import percent, significant
from wording.times import moment

_BYTES_PER_MB = 1e6
_HEIGHT_PX = 420


def show(session: Session, *, workload: str, device: str) -> None:
    """The newest measurement of a workload on several of a device; nothing where none was made."""
    known = scaling_list(session.api, workload=workload, device=device)
    if not known:
        return
    facts = scaling(session.api, known[0].number)
    with st.container(border=True, key="card-scaling-table"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap=None):
            card_title(session.say("page.throughput.scaling"), _about(session, facts))
            csv_button(
                session,
                "measured-scaling",
                lambda: csv_bytes(CSV_COLUMNS, csv_rows(facts)),
                session.say("page.throughput.scaling"),
            )
        put(scaling_table(facts, session.language))
        st.caption(literal(_connection(session, facts)))
    look = Look(
        palette=palette(dark=session.dark),
        language=session.language,
        main=str(facts.scaling.batch_sizes[-1]),
        height_px=_HEIGHT_PX,
    )
    unit = spans(facts.chart, session.language)[1].scale.unit
    chart_card(
        session,
        facts.chart,
        measured_figure(facts.chart, look),
        subtitle=session.say("page.throughput.scaling_subtitle", unit=unit),
    )


def _about(session: Session, facts: ScalingFacts) -> str:
    return session.say(
        "page.throughput.scaling_hint",
        at=moment(local(facts.state.measured_at), session.language),
        versions=facts.state.versions,
        dtype=facts.state.dtype,
    )


def _connection(session: Session, facts: ScalingFacts) -> str:
    """What the exchange of gradients showed of the connection between the devices."""
    if facts.bus_bytes_per_s is None or facts.overlap_fraction is None:
        return session.say("page.throughput.scaling_no_exchange")
    return session.say(
        "page.throughput.scaling_connection",
        payload=significant(facts.scaling.payload_bytes / _BYTES_PER_MB, session.language),
        speed=significant(facts.bus_bytes_per_s / _BYTES_PER_MB, session.language),
        overlap=percent(facts.overlap_fraction, session.language),
    )
