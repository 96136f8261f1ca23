"""Numbers as people read them: grouping, real minus signs, percent and ratios."""

import math
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

from wording.language import Language

_MINUS = "\N{MINUS SIGN}"
_RATIO_SIGN: dict[Language, str] = {"en": "×", "ja": "倍"}


def number(
    value: float, language: Language, *, decimals: int | None = None, signed: bool = False
) -> str:
    """A number; without ``decimals`` integers are whole and others have four figures.

    ``signed`` shows a plus sign as well, for changes. A value that is not finite is a defect of
    the caller: "never" and "not defined" have their own words.
    """
    if not math.isfinite(value):
        raise ValueError("a number to be shown must be finite")
    if decimals is not None:
        rounded = rounded_half_up(value, decimals)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    else:
        exact = float(value).is_integer()
        rounded = Decimal(int(value)) if exact else Decimal(f"{value:.4g}")
        places = max(0, -int(rounded.as_tuple().exponent))
        pattern = "#,##0" + ("." + "#" * places if places else "")
    text: str = format_decimal(abs(rounded), format=pattern, locale=language)
    return _sign(rounded, signed) + text


def percent(fraction: float, language: Language, *, decimals: int = 0, signed: bool = False) -> str:
    """A share of one as percent: 0.125 is ``12.5 %`` with one decimal."""
    return number(fraction * 100, language, decimals=decimals, signed=signed) + "%"


def ratio(value: float, language: Language, *, decimals: int = 2) -> str:
    """How many times: ``0.73×``, ``0.73倍``."""
    return number(value, language, decimals=decimals) + _RATIO_SIGN[language]


def multiple(factor: float, language: Language) -> str:
    """A factor with only the decimals that it has: ``0.25×``, ``4×``."""
    return ratio(factor, language, decimals=len(f"{factor:g}".partition(".")[2]))


def rounded_half_up(value: float, decimals: int) -> Decimal:
    """The decimal nearest to what the number prints as; halves go away from zero."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def significant(value: float, language: Language, figures: int = 3) -> str:
    """A number with a fixed count of figures: 12,345 is ``12,300`` and 0.012345 ``0.0123``."""
    if value == 0:
        return number(0, language)
    decimals = figures - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    if rounded != 0:
        decimals = figures - 1 - math.floor(math.log10(abs(rounded)))
    return number(rounded, language, decimals=max(decimals, 0))


def _sign(value: Decimal, signed: bool) -> str:
    if value < 0:
        return _MINUS
    return "+" if signed and value > 0 else ""
