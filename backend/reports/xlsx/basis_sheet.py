"""The last sheet for readers: what the numbers rest on, phrases for the meeting, the way back."""

import re

from backend.reports.xlsx.looks import HEADING, MUTED, TITLE, Look
from backend.reports.xlsx.paragraphs import put_paragraphs
from backend.reports.xlsx.sheet import Sheet
from planner.exchange.reports import ReportFacts
from wording.report.words import ReportWords
from wording.rollback_procedure import procedure_document

WIDTHS = (30, 110)
_UNWRAPPED: Look = {"text_wrap": False}


def write_basis(sheet: Sheet, facts: ReportFacts, words: ReportWords, last_month: int) -> None:
    """Hashes and versions, prices, what formulas cannot follow, phrases, plan and procedure."""
    told = sheet.book.words
    sheet.text(0, 0, told("sheet.basis"), TITLE, _UNWRAPPED)
    sheet.text(1, 0, words.footer, MUTED, _UNWRAPPED)
    row = 3
    for name, value in (
        *words.hashes,
        (told("basis.version"), facts.code_version),
        (told("basis.format"), str(facts.review.format_version)),
        (told("basis.day"), facts.reported_on),
        (told("basis.price"), facts.review.price.reference),
        (told("basis.pilot"), facts.pilot_id or "\N{EN DASH}"),
    ):
        sheet.text(row, 0, name, MUTED)
        row = put_paragraphs(sheet, row, [value], {}, widths=WIDTHS, column=1)
    limits = [told(f"basis.limit_{key}", months=last_month) for key in _LIMITS]
    sections = (
        ("rests", words.basis),
        ("limits", limits),
        ("phrases", words.phrases),
        ("plan", words.plan),
        ("procedure", _way_back(words)),
    )
    for key, sentences in sections:
        sheet.text(row + 1, 0, told(f"basis.{key}"), HEADING, _UNWRAPPED)
        row = put_paragraphs(sheet, row + 2, sentences, {}, widths=WIDTHS)


_LIMITS = ("simulated", "fixed", "exchange", "horizon", "rates", "charts")


_MARKS = re.compile(r"\*\*|`|\\(?=[\\`*_{}\[\]<>()#|~])")
"""Of Markdown, around words."""


def _way_back(words: ReportWords) -> list[str]:
    """When the schedule is taken back, and the steps of it; the whole procedure is a document."""
    exits = next(item.sentences for item in words.approval if item.key == "exit")
    document = procedure_document(words.procedure, words.language)
    steps = [_MARKS.sub("", line) for line in document.splitlines() if line[:1].isdigit()]
    return [*exits, *steps]
