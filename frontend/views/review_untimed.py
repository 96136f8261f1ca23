"""What imported runs without times say: steps, samples and epochs to the target, and no money."""

import streamlit as st

from frontend.calls.imports import effort_to_target
from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.headings import card_title
from frontend.components.markup import literal
from frontend.components.markup import show as put
from frontend.session import Session, go_to
from frontend.tables import efforts as tables
from planner.reviews.effort_to_target import EffortToTarget
from wording.labels import metric_label
from wording.numbers import number


def untimed(session: Session, pilot_id: str) -> None:
    """The page of a pilot whose runs have no times."""
    found = effort_to_target(session.api, pilot_id)
    _no_times(session, found)
    target = session.say(
        f"page.review.untimed_{found.target.direction}",
        metric=metric_label(found.target.metric, session.language),
        value=number(found.target.value, session.language),
    )
    title = session.say("page.review.untimed_title")
    with st.container(border=True, key="card-untimed"):
        card_title(title, target)
        put(tables.schedules(found, session.language))
        st.caption(literal(session.say("page.review.untimed_note")))
    with st.container(border=True, key="card-untimed-runs"):
        title = session.say("page.review.untimed_runs")
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap=None):
            card_title(title)
            csv_button(
                session,
                "effort-to-target",
                lambda: csv_bytes(tables.CSV_COLUMNS, tables.csv_rows(found)),
                title,
            )
        put(tables.runs(found, session.language))
    if st.button(session.say("page.review.untimed_import"), key="untimed_import"):
        go_to("import")


def _no_times(session: Session, found: EffortToTarget) -> None:
    runs, without = len(found.runs), found.runs_without_time
    if without == runs:
        st.warning(session.say("page.review.untimed_all"))
    else:
        st.warning(session.say("page.review.untimed_some", without=without, runs=runs))
