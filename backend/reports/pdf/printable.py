"""Anybody's text in a form that the fonts can draw and a line can hold."""

import re
import unicodedata

from backend.reports.pdf.fonts import characters

MISSING = "〓"
"""The printer's mark for a character that is not at hand; both fonts have it."""

_BREAK = "\N{ZERO WIDTH SPACE}"
_LONG = re.compile(r"[!-~\u00a1-\u024f]{30,}")
_STEP = 10
_INVISIBLE = {"Cf", "Cc", "Co", "Cs", "Mn", "Me"}
"""Categories of characters that are left out where the fonts lack them, or always (controls)."""


def drawable(text: str) -> str:
    """Without controls such as those that turn the direction; with a mark for what is missing."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(_drawn(character) for character in composed)


def printable(text: str) -> str:
    """Drawable, and a word longer than a line may be broken."""
    return _LONG.sub(lambda found: _broken(found[0]), drawable(text))


def _drawn(character: str) -> str:
    if character in "\n\t\r":
        return " "
    category = unicodedata.category(character)
    known = ord(character) in characters()
    if category in ("Cf", "Cc") or (category in _INVISIBLE and not known):
        return ""
    return character if known else MISSING


def _broken(word: str) -> str:
    return _BREAK.join(word[place : place + _STEP] for place in range(0, len(word), _STEP))
