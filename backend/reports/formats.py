"""Every kind of report file: how it is written, what it is called, and what a browser is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.reports.csv_zip import csv_zip
from backend.reports.html import html_text
from backend.reports.pdf import pdf_bytes
from backend.reports.pptx import deck_bytes
from backend.reports.record_json import json_bytes
from backend.reports.report_source import ReportSource
from backend.reports.xlsx import workbook_bytes
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


FORMATS: Mapping[ReportFormat, Format] = {
    "pdf": Format(
        media_type="application/pdf",
        suffix="pdf",
        in_language=True,
        render=lambda source, language: pdf_bytes(source.facts, language),
    ),
    "pptx": Format(
        media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
        suffix="pptx",
        in_language=True,
        render=lambda source, language: deck_bytes(source.facts, language),
    ),
    "xlsx": Format(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        suffix="xlsx",
        in_language=True,
        render=lambda source, language: workbook_bytes(source.facts, language),
    ),
    "html": Format(
        media_type="text/html; charset=utf-8",
        suffix="html",
        in_language=True,
        render=lambda source, language: html_text(source.facts, language).encode(),
    ),
    "csv": Format(
        media_type="application/zip",
        suffix="csv.zip",
        in_language=False,
        render=lambda source, _: csv_zip(source),
    ),
    "json": Format(
        media_type="application/json",
        suffix="json",
        in_language=False,
        render=lambda source, _: json_bytes(source),
    ),
}
"""By name; the order is the one in which they are offered."""


def rendered(source: ReportSource, form: ReportFormat, language: ReportLanguage) -> bytes:
    """A whole file."""
    return FORMATS[form].render(source, language)
