"""Names of report files: harmless in any file system and header, whatever the pilot is called."""

import unicodedata
from urllib.parse import quote

from backend.reports.formats import FORMATS
from planner.exchange.report_files import ReportFormat, ReportLanguage
from planner.exchange.reports import ReportFacts

BEGINNING = "paybatch-"
LONGEST_STEM_BYTES = 120
"""Of UTF-8; with day, language and suffix far below what file systems take."""

HASH_DIGITS = 6
"""Of the assumptions' SHA-256, enough to tell the reports of one pilot and day apart."""

_KEPT = ("L", "N", "M")
"""Kinds of characters that stay: letters, digits and their marks, of any script."""


def file_name(facts: ReportFacts, form: ReportFormat, language: ReportLanguage) -> str:
    """``paybatch-<pilot>-<day>-<hash>.<language>.<suffix>``; without words it names no language.

    The hash is the beginning of that of the assumptions: reports of one pilot and day that rest on
    other assumptions lie beside each other.
    """
    chosen = FORMATS[form]
    spoken = f".{language}" if chosen.in_language else ""
    assumed = facts.assumptions_sha256[:HASH_DIGITS]
    told = "-".join(filter(None, (_plain(facts.review.pilot), facts.reported_on, assumed)))
    return f"{BEGINNING}{told}{spoken}.{chosen.suffix}"


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
