"""The points of a file under its mapping, so that a person sees whether the mapping is right."""

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from frontend.components.chart_card import chart_card
from frontend.figures.logged_runs import Along, logged_chart, logged_figure
from frontend.figures.plotly_traces import Look
from frontend.session import Session
from planner.exchange.imports import ImportRead
from wording.charts.palette import palette
from wording.labels import metric_label
from wording.numbers import number

ALONG: tuple[Along, ...] = get_args(Along)


def show(session: Session, read: ImportRead) -> None:
    """One metric against steps or time, a line a run; nothing where no run logged one."""
    metrics = tuple(dict.fromkeys(curve.metric for curve in read.curves))
    if not metrics:
        return
    timed = any(second is not None for curve in read.curves for second in curve.elapsed_s)
    with st.container(horizontal=True, vertical_alignment="bottom", key="import-curves"):
        metric = _one_of(session, "curves_metric", metrics)
        along = _one_of(session, "curves_along", ALONG if timed else ALONG[:1])
    curves = [curve for curve in read.curves if curve.metric == metric]
    chart = logged_chart(
        curves,
        {run.name: run.diverged_at for run in read.runs if run.diverged_at is not None},
        along="time" if along == "time" else "steps",
    )
    language = session.language
    figure = logged_figure(
        chart,
        {curve.run: curve.schedule for curve in curves},
        Look(palette=palette(dark=session.dark), language=language, main=""),
    )
    subtitle = session.say("page.import.curves_subtitle", metric=metric_label(metric, language))
    chart_card(session, chart, figure, subtitle=subtitle, note=_note(session, read, timed=timed))


def _one_of(session: Session, part: str, options: Sequence[str]) -> str:
    """A choice in sight; what it is kept under changes with what is offered."""

    def name(option: str) -> str:
        if part == "curves_metric":
            return metric_label(option, session.language)
        return session.say(f"page.import.curves_along_{option}")

    chosen: str = st.segmented_control(
        session.say(f"page.import.{part}"),
        options,
        default=options[0],
        required=True,
        format_func=name,
        key=f"import.{part}.{','.join(options)}",
    )
    return chosen


def _note(session: Session, read: ImportRead, *, timed: bool) -> str:
    """What the picture leaves out."""
    drawn = len({curve.run for curve in read.curves})
    told = []
    if drawn < len(read.runs):
        shown, all_of_them = (number(count, session.language) for count in (drawn, len(read.runs)))
        told.append(session.say("page.import.curves_some", drawn=shown, runs=all_of_them))
    if not timed:
        told.append(session.say("page.import.curves_untimed"))
    return " ".join(told)
