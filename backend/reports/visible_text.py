"""Anybody's text as files of an office show it: on one line, without what cannot be seen."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINS_EMOJI = "\N{ZERO WIDTH JOINER}"


def visible(text: str) -> str:
    """A text without what cannot be seen: control signs, marks that turn its direction, holes.

    White space becomes single blanks, so that somebody's name stays on its line.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = (
        sign if sign == _JOINS_EMOJI or unicodedata.category(sign) not in _UNSEEN else " "
        for sign in text
    )
    return " ".join("".join(kept).split())
