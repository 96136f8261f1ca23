"""Pilots as rows: where each stands, what it says, and what it has used."""

from collections.abc import Iterable
from urllib.parse import urlencode

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import column_heads
from frontend.session import LANGUAGE_PARAM, PILOT_PARAM
from planner.exchange.page_states import PilotSummary
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number
from wording.payback import payback_value
from wording.phases import phase_words, stands_at_cap
from wording.times import day, duration

COLUMNS = ("pilot", "status", "progress", "verdict", "payback", "used", "owner", "started")
"""Keys below ``page.pilots.column_``."""

CSV_COLUMNS = (
    "id",
    "name",
    "workload",
    "phase",
    "runs_done",
    "runs_planned",
    "verdict",
    "payback_months",
    "spent_device_h",
    "expected_device_h",
    "owner",
    "created_at",
    "imported",
)

TEXT_COLUMNS = frozenset({"pilot", "status", "verdict", "owner"})

_HOUR_S = 3600


def pilot_table(summaries: Iterable[PilotSummary], language: Language) -> str:
    """The table as markup; names lead to what is worth seeing of a pilot."""
    heads = column_heads(
        (
            (say(f"page.pilots.column_{column}", language), column in TEXT_COLUMNS)
            for column in COLUMNS
        ),
        language,
    )
    return framed_table(
        say("page.pilots.title", language),
        heads=heads,
        rows=(_row(found, language) for found in summaries),
        class_="pb-table pb-pilots",
    )


def csv_rows(summaries: Iterable[PilotSummary]) -> list[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    return [
        [
            found.created_at.isoformat() if name == "created_at" else getattr(found, name)
            for name in CSV_COLUMNS
        ]
        for found in summaries
    ]


def _row(found: PilotSummary, language: Language) -> str:
    page = "review" if found.phase == "done" else "live"
    query = urlencode({PILOT_PARAM: found.id, LANGUAGE_PARAM: language})
    name = element("a", text(found.name), href=f"/{page}?{query}", target="_self")
    verdict = say(f"decision.{found.verdict}", language) if found.verdict else _missing(language)
    status = element(
        "span",
        text(phase_words(found.phase, language, cap_reached=found.cap_reached)),
        class_=f"pb-pill pb-{_tone(found)}",
    )
    origin = f" · {say('page.pilots.imported', language)}" if found.imported else ""
    below = element("small", text(f"{found.workload}{origin}"), class_="pb-muted")
    return element(
        "tr",
        element("th", name, below, scope="row"),
        element("td", status, class_="pb-text"),
        element("td", _progress(found, language), class_="pb-time"),
        element("td", text(verdict), class_="pb-text"),
        element("td", text(_payback(found, language))),
        element("td", text(_used(found, language))),
        element("td", text(found.owner), class_="pb-text"),
        element("td", text(day(found.created_at.date(), language))),
    )


def _tone(found: PilotSummary) -> str:
    if stands_at_cap(found.phase, cap_reached=found.cap_reached):
        return "caution"
    return "good" if found.phase == "done" else "plain"


def _progress(found: PilotSummary, language: Language) -> str:
    share = found.runs_done / found.runs_planned if found.runs_planned else 0.0
    filled = element("span", style=f"width: {100 * min(share, 1.0):.1f}%")
    counted = say(
        "format.of",
        language,
        part=number(found.runs_done, language),
        whole=number(found.runs_planned, language),
    )
    return element("span", filled, class_="pb-bar", aria_hidden="true") + text(counted)


def _payback(found: PilotSummary, language: Language) -> str:
    """Never is an answer; before a verdict there is none."""
    if found.verdict is None:
        return _missing(language)
    return payback_value(found.payback_months, language)


def _used(found: PilotSummary, language: Language) -> str:
    spent = duration(found.spent_device_h * _HOUR_S, language)
    if found.expected_device_h is None or found.phase in ("done", "cancelled"):
        return spent
    expected = duration(found.expected_device_h * _HOUR_S, language)
    return say("format.of", language, part=spent, whole=expected)


def _missing(language: Language) -> str:
    return say("page.review.none", language)
