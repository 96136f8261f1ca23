"""Every kind of report file: how it is written, what it is called, and what a browser is told.

A kind's libraries are loaded by its first file: no start of the API waits for five of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.reports.report_source import ReportSource
from planner.exchange.report_files import ReportFormat, ReportLanguage

Renderer = Callable[[ReportSource, ReportLanguage], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file.

    Attributes:
        suffix: Of its name, without the dot in front.
        in_language: Whether it has words; one of keys and numbers is the same in every language.
        render: Pure; the same source and language give the same bytes.
    """

    media_type: str
    suffix: str
    in_language: bool
    render: Renderer


def _pdf(source: ReportSource, language: ReportLanguage) -> bytes:
    from backend.reports.pdf import pdf_bytes

    return pdf_bytes(source.facts, language)


def _pptx(source: ReportSource, language: ReportLanguage) -> bytes:
    from backend.reports.pptx import deck_bytes

    return deck_bytes(source.facts, language)


def _xlsx(source: ReportSource, language: ReportLanguage) -> bytes:
    from backend.reports.xlsx import workbook_bytes

    return workbook_bytes(source.facts, language)


def _html(source: ReportSource, language: ReportLanguage) -> bytes:
    from backend.reports.html import html_text

    return html_text(source.facts, language).encode()


def _csv(source: ReportSource, _: ReportLanguage) -> bytes:
    from backend.reports.csv_zip import csv_zip

    return csv_zip(source)


def _json(source: ReportSource, _: ReportLanguage) -> bytes:
    from backend.reports.record_json import json_bytes

    return json_bytes(source)


FORMATS: Mapping[ReportFormat, Format] = {
    "pdf": Format(
        media_type="application/pdf",
        suffix="pdf",
        in_language=True,
        render=_pdf,
    ),
    "pptx": Format(
        media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
        suffix="pptx",
        in_language=True,
        render=_pptx,
    ),
    "xlsx": Format(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        suffix="xlsx",
        in_language=True,
        render=_xlsx,
    ),
    "html": Format(
        media_type="text/html; charset=utf-8",
        suffix="html",
        in_language=True,
        render=_html,
    ),
    "csv": Format(
        media_type="application/zip",
        suffix="csv.zip",
        in_language=False,
        render=_csv,
    ),
    "json": Format(
        media_type="application/json",
        suffix="json",
        in_language=False,
        render=_json,
    ),
}
"""By name; the order is the one in which they are offered."""


def rendered(source: ReportSource, form: ReportFormat, language: ReportLanguage) -> bytes:
    """A whole file."""
    return FORMATS[form].render(source, language)
