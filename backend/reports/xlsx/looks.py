"""How cells look: fonts of the language, number formats of the currency, colours of the palette."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import get_currency_precision
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from wording.charts.palette import LIGHT
from wording.language import Language
from wording.returns import LARGEST_RATE

FONTS: dict[Language, str] = {"en": "Arial", "ja": "Yu Gothic"}
"""Installed with the spreadsheets that people of the language use; others have one like it."""

_MINUS = "\N{MINUS SIGN}"

Look = Mapping[str, Any]

TITLE: Look = {"bold": True, "font_size": 18, "font_color": LIGHT.text}
HEADING: Look = {"bold": True, "font_size": 12, "font_color": LIGHT.accent}
TEXT: Look = {"text_wrap": True, "valign": "top"}
PLAIN: Look = {"valign": "top"}
MUTED: Look = {"font_color": LIGHT.muted, "text_wrap": True, "valign": "top"}
STRONG: Look = {"bold": True, "text_wrap": True, "valign": "top"}
NOTICE: Look = {"bold": True, "font_color": LIGHT.caution}
HEAD: Look = {
    "bold": True,
    "bg_color": LIGHT.soft,
    "bottom": 1,
    "bottom_color": LIGHT.axis,
    "text_wrap": True,
    "valign": "vcenter",
}
LEFT: Look = {"align": "left"}
INDENT: Look = {"align": "left", "indent": 1}
RIGHT: Look = {"align": "right"}
ROW: Look = {"bottom": 1, "bottom_color": LIGHT.line}
INPUT: Look = {"bg_color": "#fffbe6", "font_color": LIGHT.accent, "locked": False}
SUM: Look = {"bold": True, "top": 1, "top_color": LIGHT.axis}
VALUE: Look = {"align": "right", "valign": "top"}

GREYED: Look = {"font_color": "#9ca3af", "italic": True, "bg_color": "#f1f3f6"}
"""Over a simulated number that no longer belongs to the inputs."""


class Looks:
    """Formats by what they are made of, each made once for a workbook."""

    def __init__(self, workbook: Workbook, language: Language, currency: str) -> None:
        self._workbook = workbook
        self._font = FONTS[language]
        self._currency = currency
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, *looks: Look, number: str = "") -> Format:
        """The looks one over the other, with a number format by its name in `number_format`."""
        found: dict[str, Any] = {"font_name": self._font, "font_size": 10}
        if number:
            found |= {"num_format": number_format(number, self._currency), "align": "right"}
        for look in looks:
            found |= look
        key = tuple(sorted(found.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(found)
        return self._made[key]

    def over(self, look: Look) -> Format:
        """What a condition changes of a cell, and nothing else of it."""
        return self._workbook.add_format(dict(look))


def number_format(name: str, currency: str) -> str:
    """A format of numbers with real minus signs.

    Args:
        name: ``money``, ``price``, ``percent``, ``rate``, ``ratio``, ``times``, ``months``,
            ``hours``, ``count``, ``decimal``, ``quality``, ``point`` or ``exact``; what
            follows a colon is shown in place of zero.
        currency: Its own precision is that of ``money``.
    """
    kind, _, zero = name.partition(":")
    pattern = _pattern(kind, get_currency_precision(currency))
    if kind == "rate":
        return f'[>{LARGEST_RATE}]"> {LARGEST_RATE:,.0%}";[<0]{_MINUS}{pattern};{pattern}'
    return f"{pattern};{_MINUS}{pattern}" + (f';"{zero}"' if zero else "")


def _pattern(kind: str, precision: int) -> str:
    patterns = {
        "money": "#,##0" + (f".{'0' * precision}" if precision else ""),
        "price": "#,##0.00##" if precision else "#,##0.0##",
        "percent": "0.0%",
        "rate": "0.0%",
        "times": "#,##0.00",
        "quality": "0.0000",
        "point": "#,##0.0#####",
        "ratio": "0.000",
        "months": "0.0",
        "hours": "#,##0.00",
        "count": "#,##0",
        "decimal": "#,##0.0##",
        "exact": "General",
    }
    return patterns[kind]
