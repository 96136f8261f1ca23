"""The PDF file: PDF/UA-1, its fonts embedded, the same bytes for the same facts everywhere."""

from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Final

import typst

from backend.reports.pdf.content import content
from backend.reports.pdf.fonts import fonts
from planner.exchange.reports import ReportFacts
from wording.language import Language

STANDARD: Final = "ua-1"
"""Refuses a character that no font has, a figure without words and a document without a title."""


class PdfDefect(RuntimeError):
    """The template could not be laid out as it is meant: a defect of ours."""


def pdf_bytes(facts: ReportFacts, language: Language) -> bytes:
    """The report as a PDF; it carries the facts' day and reads no clock."""
    return compiled(template(), content(facts, language), day=facts.reported_on)


def compiled(source: bytes, report: str, *, day: str) -> bytes:
    """A template with its data as a PDF.

    Args:
        source: The template, in typst.
        report: What it lays out, as JSON.
        day: ISO day of the file.

    Raises:
        PdfDefect: An error of the compiler, or a warning, such as of a font that is not there.
    """
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)
    try:
        written, warnings = compiler.compile_with_warnings(
            source,
            format="pdf",
            sys_inputs={"report": report},
            pdf_standards=STANDARD,
            timestamp=datetime.fromisoformat(day).replace(tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise PdfDefect(error.diagnostic) from error
    if warnings or not isinstance(written, bytes):
        raise PdfDefect("; ".join(warning.message for warning in warnings))
    return written


@cache
def template() -> bytes:
    """The layout of the report."""
    return resources.files("backend.reports.pdf").joinpath("report.typ").read_bytes()
