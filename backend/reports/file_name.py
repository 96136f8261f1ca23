"""Names of report files: harmless in any file system and header, whatever the pilot is called."""

import unicodedata
from urllib.parse import quote

from backend.reports.formats import FORMATS
from planner.exchange.report_files import ReportFormat, ReportLanguage

BEGINNING = "paybatch-"
LONGEST_STEM_BYTES = 120
"""Of UTF-8; with day, language and suffix far below what file systems take."""

_KEPT = ("L", "N", "M")
"""Kinds of characters that stay: letters, digits and their marks, of any script."""


def file_name(pilot: str, form: ReportFormat, language: ReportLanguage, *, reported_on: str) -> str:
    """``paybatch-<pilot>-<day>.<language>.<suffix>``; one without words names no language."""
    chosen = FORMATS[form]
    spoken = f".{language}" if chosen.in_language else ""
    stem = _plain(pilot)
    return f"{BEGINNING}{stem}{'-' if stem else ''}{reported_on}{spoken}.{chosen.suffix}"


def attachment(name: str) -> str:
    """The header that gives a file its name (RFC 6266), and one in ASCII for old readers."""
    plain = "".join(letter for letter in name if letter.isascii())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _plain(text: str) -> str:
    """Letters and digits with a hyphen between, and never longer than a file system takes."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(
        letter if unicodedata.category(letter)[0] in _KEPT else " " for letter in composed
    )
    short = "-".join(spaced.split()).encode()[:LONGEST_STEM_BYTES]
    return short.decode(errors="ignore").strip("-")
