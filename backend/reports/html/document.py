"""The page: what to decide first, then numbers, drawings, tables and what they rest on."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace

from backend.reports.html.blocks import (
    approval_table,
    card,
    chart_figure,
    listed,
    paragraphs,
    procedure_block,
    table,
)
from backend.reports.html.theme import by_name, style
from backend.reports.markup import element, text
from backend.reports.procedure_blocks import Heading, plain_text, procedure_blocks
from backend.reports.svg.look import Look
from backend.reports.table_shapes import without_empty_columns
from planner.exchange.reports import ReportFacts
from wording.catalogue import say
from wording.language import Language
from wording.report.words import ReportWords, report_words


def html_text(facts: ReportFacts, language: Language) -> str:
    """The whole file."""
    words = report_words(facts, language)
    look = Look(
        palette=by_name(),
        language=language,
        main=facts.schedule,
        width_px=620,
        height_px=320,
        currency=facts.review.assumptions.currency,
    )
    body = element(
        "body",
        element("header", *_opening(words)),
        element("main", *_sections(words, look)),
        element("footer", text(words.footer)),
    )
    return "<!doctype html>\n" + element("html", _head(words), body, lang=language) + "\n"


def _head(words: ReportWords) -> str:
    rules = style()
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", text(words.title)),
        element("style", rules),
    )


def _opening(words: ReportWords) -> Iterator[str]:
    yield element("h1", text(words.title))
    yield element("p", text(words.subtitle), class_="muted")
    yield element(
        "section",
        element("p", text(words.headline), class_="headline"),
        paragraphs(words.reasons),
        paragraphs(words.risks, class_="small"),
        class_=f"banner {words.decision}",
        aria_label=say("report.section.verdict", words.language),
    )
    yield element("dl", *(card(one) for one in words.cards), class_="cards")


def _sections(words: ReportWords, look: Look) -> Iterator[str]:
    title = say("report.approval.title", words.language)
    yield element("h2", text(title))
    yield approval_table(words.approval, title)
    yield _title("plan", words)
    yield listed(words.plan, numbered=True)
    yield _title("phrases", words)
    yield listed(words.phrases, numbered=False)
    if words.charts:
        yield _title("charts", words)
        drawn = (
            chart_figure(found, replace(look, mark=found.caption.mark)) for found in words.charts
        )
        yield element("div", *drawn, class_="charts")
    yield _title("tables", words)
    yield from (table(without_empty_columns(found)) for found in words.tables)
    yield _title("basis", words)
    yield paragraphs(words.basis)
    yield paragraphs((f"{name}: {value}" for name, value in words.hashes), class_="muted small")
    yield from _procedure(words)


def _procedure(words: ReportWords) -> Iterator[str]:
    title = ""
    for block in procedure_blocks(words.procedure, words.language):
        if isinstance(block, Heading):
            title = plain_text(block.spans)
        yield procedure_block(block, title)


def _title(section: str, words: ReportWords) -> str:
    return element("h2", text(say(f"report.section.{section}", words.language)))
