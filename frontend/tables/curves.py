"""Throughput curves as rows: what was measured where, when, and whether it is used."""

from collections.abc import Iterable
from urllib.parse import urlencode

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import column_heads
from frontend.session import LANGUAGE_PARAM, local
from planner.devices.curve_facts import CurveState
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number
from wording.times import duration, moment

CURVE_PARAM = "curve"

COLUMNS = ("curve", "workload", "device", "versions", "measured", "points", "state")
"""Keys below ``page.throughput.column_``."""

CSV_COLUMNS = (
    "number",
    "workload",
    "device",
    "dtype",
    "versions",
    "measured_at",
    "age_s",
    "points",
    "largest_batch_size",
    "memory_limited",
    "in_use",
    "retired_at",
)

NUMBERS = frozenset({"points"})


def curve_table(curves: Iterable[CurveState], shown: int, language: Language) -> str:
    """The table as markup; the number of a curve leads to it, the shown one is marked."""
    heads = column_heads(
        (
            (say(f"page.throughput.column_{column}", language), column not in NUMBERS)
            for column in COLUMNS
        ),
        language,
    )
    return framed_table(
        say("page.throughput.title", language),
        heads=heads,
        rows=(_row(curve, shown, language) for curve in curves),
        class_="pb-table pb-curves",
    )


def csv_rows(curves: Iterable[CurveState]) -> list[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    return [
        [
            value.isoformat() if name in ("measured_at", "retired_at") and value else value
            for name in CSV_COLUMNS
            for value in (getattr(curve, name),)
        ]
        for curve in curves
    ]


def state_of(curve: CurveState) -> str:
    """Key of what a curve is to a pilot that is started now."""
    if curve.in_use:
        return "in_use"
    return "retired" if curve.retired_at is not None else "kept"


def _row(curve: CurveState, shown: int, language: Language) -> str:
    query = urlencode({CURVE_PARAM: curve.number, LANGUAGE_PARAM: language})
    name = say("page.throughput.number", language, number=str(curve.number))
    state = state_of(curve)
    points = say(
        "page.throughput.points",
        language,
        count=number(curve.points, language),
        largest=number(curve.largest_batch_size, language),
    )
    return element(
        "tr",
        element(
            "th",
            element(
                "a",
                text(name),
                href=f"/throughput?{query}",
                target="_self",
                aria_current="true" if curve.number == shown else None,
            ),
            scope="row",
        ),
        element("td", text(curve.workload), class_="pb-text"),
        element("td", text(curve.device), class_="pb-text"),
        element(
            "td",
            text(curve.versions),
            element("small", text(curve.dtype), class_="pb-muted"),
            class_="pb-text",
        ),
        element(
            "td",
            text(moment(local(curve.measured_at), language)),
            element("small", text(_ago(curve, language)), class_="pb-muted"),
            class_="pb-text",
        ),
        element("td", text(points)),
        element(
            "td",
            element(
                "span",
                text(say(f"page.throughput.state_{state}", language)),
                class_=f"pb-pill pb-{'good' if state == 'in_use' else 'plain'}",
            ),
            class_="pb-text",
        ),
        class_="pb-main" if curve.number == shown else None,
    )


def _ago(curve: CurveState, language: Language) -> str:
    return say("page.throughput.ago", language, time=duration(round(curve.age_s), language))
