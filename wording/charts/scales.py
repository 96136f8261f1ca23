"""Round ticks and fitting units for the axes of charts."""

import math
from dataclasses import dataclass

from wording.catalogue import say
from wording.language import Language
from wording.numbers import number

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONEY: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "K")),
    "ja": ((1e8, "億"), (1e4, "万")),
}
_TIMES = {
    "s": ((3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms")),
    "h": ((1.0, "h"), (1 / 60, "min"), (1 / 3600, "s"), (1 / 3.6e6, "ms")),
}
"""Units of a time and their sizes, by the unit of the data; the longest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """In which unit an axis is read.

    Attributes:
        factor: Size of one unit in the unit of the data.
        unit: As people write it; empty for pure numbers.
    """

    factor: float
    unit: str


def scale_of(unit: str, largest: float, language: Language) -> Scale:
    """The unit that keeps the numbers on an axis short.

    Args:
        unit: Of the data: ``s``, ``h``, a currency code, or empty.
        largest: Largest absolute value on the axis.
        language: Of the reader.
    """
    if unit in _TIMES:
        fitting = (found for found in _TIMES[unit] if largest >= found[0])
        factor, name = next(fitting, _TIMES[unit][-1])
        return Scale(factor=factor, unit=name)
    if len(unit) == 3 and unit.isupper():
        return _money_scale(unit, largest, language)
    return Scale(factor=1.0, unit=unit)


def round_ticks(low: float, high: float, *, most: int = 7) -> tuple[float, ...]:
    """At most ``most`` round numbers from ``low`` to ``high``."""
    if not high > low:
        return (low,)
    rough = (high - low) / max(most - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(factor for factor in _STEPS if factor * size >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(place * step for place in range(first, last + 1))


def logarithmic_ticks(low: float, high: float) -> tuple[float, ...]:
    """1, 2 and 5 times the powers of ten; only the powers where those would be too many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    inside = [tick for tick in fine if low * 0.999 <= tick <= high * 1.001]
    if len(inside) <= 7:
        return tuple(inside)
    return tuple(10.0**power for power in powers if low <= 10.0**power <= high)


def tick_text(value: float, language: Language) -> str:
    """A number on an axis, with a real minus sign and no needless digits."""
    return number(float(f"{value:.6g}"), language)


def _money_scale(currency: str, largest: float, language: Language) -> Scale:
    names = [(size, name) for size, name in _MONEY[language] if largest >= size]
    factor, name = names[0] if names else (1.0, "")
    shown = say(f"page.currency.{currency}", language) if currency in ("USD", "JPY", "EUR") else ""
    text = name + (shown or currency) if language == "ja" else (shown or currency + " ") + name
    return Scale(factor=factor, unit=text.strip())
