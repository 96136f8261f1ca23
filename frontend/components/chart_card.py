"""A chart in a card: title, unit, the drawing, and its data as CSV."""

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from frontend.components.headings import card_title
from frontend.components.markup import element, literal, show, text
from frontend.figures.plotly_charts import CONFIG, Figure
from frontend.session import Session
from planner.chart import Chart
from wording.spreadsheet_cells import csv_line

COLUMNS = ("series", "role", "x", "y", "low", "high", "x_low", "x_high")


def chart_card(
    session: Session,
    chart: Chart,
    figure: Figure,
    *,
    subtitle: str,
    note: str = "",
    controls: Callable[[], None] | None = None,
    title: str | None = None,
) -> None:
    """The whole card; a chart without a point says so.

    Args:
        session: Of the reader.
        chart: Its data.
        figure: Its drawing.
        subtitle: What it shows and in which unit.
        note: A sentence below it.
        controls: Draws what changes the chart, between title and drawing.
        title: Instead of the chart's own.
    """
    shown = title or session.say(f"chart.{chart.key}.title")
    with st.container(border=True, key=f"card-{chart.key}", height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap=None):
            card_title(shown)
            csv_button(session, chart.key, lambda: csv_bytes(COLUMNS, chart_rows(chart)), shown)
        show(element("p", text(subtitle), class_="pb-card-subtitle"))
        if controls is not None:
            controls()
        if not chart.series:
            show(element("p", text(session.say("page.live.no_points")), class_="pb-note"))
            return
        st.plotly_chart(
            figure,
            theme=None,
            config=CONFIG,
            key=f"chart-{chart.key}",
            alt=f"{shown}. {subtitle}",
        )
        if note:
            st.caption(literal(note))


def csv_button(session: Session, name: str, content: Callable[[], bytes], about: str) -> None:
    """Downloads a table."""
    st.download_button(
        "CSV",
        content,
        file_name=f"paybatch-{name}.csv",
        mime="text/csv",
        key=f"csv-{name}",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
        help=literal(session.say("page.review.csv_help", chart=about)),
    )


def chart_rows(chart: Chart) -> list[list[object]]:
    """One row a point; empty where a series has no band."""
    return [
        [
            series.name,
            series.role,
            x,
            series.y[place],
            *(bound[place] if bound else None for bound in (series.low, series.high)),
            *(bound[place] if bound else None for bound in (series.x_low, series.x_high)),
        ]
        for series in chart.series
        for place, x in enumerate(series.x)
    ]


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, full precision, and no text that a spreadsheet would run."""
    return "".join(map(csv_line, (columns, *rows))).encode("utf-8-sig")
