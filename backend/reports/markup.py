"""XML and HTML of reports, with every text escaped."""

import re
from html import escape

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold, even escaped."""

_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""They turn the direction of what follows, beyond the name that they stand in."""

EMPTY_ELEMENTS = {"meta", "path", "rect", "circle", "line"}
"""They are closed as they open."""


def text(value: str) -> str:
    """Anybody's text, safe between tags and in attributes."""
    kept = _TURNING.sub("", _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value))
    return escape(kept, quote=True)


def element(tag: str, *content: str, **attributes: str | float | None) -> str:
    """An element; its content is markup already, its attributes are escaped here.

    An attribute that is None is left out; ``class_`` and ``aria_label`` become ``class`` and
    ``aria-label``.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(_shown(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in EMPTY_ELEMENTS:
        return f"<{tag}{written}/>"
    return f"<{tag}{written}>{''.join(content)}</{tag}>"


def _shown(value: str | float) -> str:
    """Lengths to a hundredth of a pixel, without needless zeros."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
