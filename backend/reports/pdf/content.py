"""What the PDF's template lays out, as JSON: every text is data, none is markup."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from backend.reports.pdf.fonts import FAMILY
from backend.reports.pdf.printable import drawable, printable
from backend.reports.procedure_blocks import Block, Grid, Heading, Points, Spans, procedure_blocks
from backend.reports.svg.alternative import alternative
from backend.reports.svg.chart import chart_svg
from backend.reports.svg.look import Look
from backend.reports.table_shapes import turned, without_empty_columns
from planner.exchange.reports import ReportFacts
from wording.catalogue import say
from wording.charts.palette import LIGHT
from wording.language import Language
from wording.report.tables import Table
from wording.report.words import CaptionedChart, ReportWords, report_words

Data = dict[str, Any]

CHART_WIDTH_PX = 720
"""At the width of a page its text is as large as that around it."""

CHART_PX, SHORT_CHART_PX = 260, 200
MOST_COLUMNS = 7
"""A wider table is turned, its rows become columns."""

MOST_TURNED = 4
"""Rows of a wide table that stand beside each other; the next ones come below."""

FULL_LINE, LEAST_SHARE, MOST_SHARE = 100, 12, 60
"""Half-width characters: of a whole line of a table, and bounds for one of its columns."""

SECTIONS = ("verdict", "plan", "phrases", "charts", "tables", "basis")


def content(facts: ReportFacts, language: Language) -> str:
    """The whole report, ready for the template."""
    words = report_words(facts, language)
    look = Look(
        palette=LIGHT,
        language=language,
        main=facts.schedule,
        width_px=CHART_WIDTH_PX,
        height_px=CHART_PX,
        font=FAMILY,
        currency=facts.review.assumptions.currency,
    )
    data = {
        **_texts(words),
        "language": language,
        "palette": {name: c for name, c in asdict(LIGHT).items() if isinstance(c, str)},
        "sections": {name: say(f"report.section.{name}", language) for name in SECTIONS}
        | {"approval": say("report.approval.title", language)},
        "charts": [_chart(found, look) for found in words.charts],
        "tables": [_table(part) for table in words.tables for part in _narrow(table)],
        "procedure": [_block(block) for block in procedure_blocks(facts.procedure, language)],
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def _texts(words: ReportWords) -> Data:
    many = ("reasons", "risks", "phrases", "plan", "basis")
    return {
        "decision": words.decision,
        "hashes": [[printable(name), value] for name, value in words.hashes],
        "cards": [_printable(asdict(card)) for card in words.cards],
        "approval": [
            {"label": printable(item.label), "sentences": _all(item.sentences)}
            for item in words.approval
        ],
        **{name: printable(getattr(words, name)) for name in ("title", "subtitle", "headline")},
        "footer": printable(words.footer),
        **{name: _all(getattr(words, name)) for name in many},
    }


def _chart(found: CaptionedChart, look: Look) -> Data:
    """A chart in its own words; what is seen on it is told to those who do not see it."""
    words = found.caption
    told = alternative(found, look.language)
    drawn = replace(look, mark=words.mark)
    short = replace(drawn, height_px=SHORT_CHART_PX)
    return {
        "key": found.chart.key,
        **_printable({"title": words.title, "subtitle": words.subtitle, "note": words.note}),
        "alternative": drawable(told),
        "svg": drawable(chart_svg(found.chart, drawn, alternative=told)),
        "short_svg": drawable(chart_svg(found.chart, short, alternative=told)),
    }


def _narrow(table: Table) -> Iterable[Table]:
    """A table as it is, or turned in parts where it has more columns than a page is wide."""
    if len(table.heads) <= MOST_COLUMNS:
        return (without_empty_columns(table),)
    return turned(table, at_most=MOST_TURNED)


def _table(table: Table) -> Data:
    return {
        "title": printable(table.title),
        "heads": _all(table.heads),
        "rows": [_all(row) for row in table.rows],
        "right": sorted(table.right),
        "weights": _weights(table),
    }


def _weights(table: Table) -> list[int]:
    """Shares of the columns in the width of a page; none where they need less than all of it."""
    columns = zip(table.heads, *table.rows, strict=True)
    longest = [max(map(_halves, cells)) for cells in columns]
    if sum(longest) < FULL_LINE:
        return []
    return [min(max(length, LEAST_SHARE), MOST_SHARE) for length in longest]


def _halves(text: str) -> int:
    """Length of a text in half-width characters."""
    return sum(1 if character.isascii() else 2 for character in text)


def _block(block: Block) -> Data:
    if isinstance(block, Grid):
        rows = [[_spans(cell) for cell in row] for row in block.rows]
        return {"kind": "grid", "heads": [_spans(head) for head in block.heads], "rows": rows}
    if isinstance(block, Points):
        items = [_spans(item) for item in block.items]
        return {"kind": "points", "numbered": block.numbered, "items": items}
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "spans": _spans(block.spans)}
    return {"kind": "paragraph", "spans": _spans(block.spans)}


def _spans(spans: Spans) -> list[Data]:
    return [{"style": span.style, "text": printable(span.text)} for span in spans]


def _all(texts: Iterable[str]) -> list[str]:
    return [printable(text) for text in texts]


def _printable(texts: dict[str, str]) -> dict[str, str]:
    return {name: printable(text) for name, text in texts.items()}
