"""Days, moments and durations as people read them."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time

from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, significant

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def day(value: date | str, language: Language) -> str:
    """A day, given as a date or in ISO form: ``November 24, 2026``, ``2026年11月24日``."""
    read = date.fromisoformat(value) if isinstance(value, str) else value
    text: str = format_date(read, format="long", locale=language)
    return text


def moment(value: datetime, language: Language) -> str:
    """A moment with its clock time, in the zone that the value carries."""
    text: str = format_datetime(value, format=say("format.moment", language), locale=language)
    return text


def clock(value: datetime, language: Language) -> str:
    """The time of day alone, in the zone that the value carries: ``16:05``."""
    text: str = format_time(value, format="HH:mm", locale=language)
    return text


def duration(seconds: float, language: Language) -> str:
    """A duration in its two largest units: ``0.85 s``, ``4 min 12 s``, ``3 h 5 min``.

    Below a minute it has three figures. Rounding comes before the choice of units, so that
    59.999 s is a minute. A negative duration, such as time saved by the slower one, has a minus.
    """
    if seconds < 0:
        return "\N{MINUS SIGN}" + duration(-seconds, language)
    if float(f"{seconds:.3g}") < 1e-3:
        return say("format.duration.us", language, us=significant(seconds * 1e6, language))
    if float(f"{seconds:.3g}") < 1:
        return say("format.duration.ms", language, ms=significant(seconds * 1e3, language))
    if float(f"{seconds:.3g}") < _MINUTE_S:
        return say("format.duration.s", language, s=significant(seconds, language))
    if round(seconds) < _HOUR_S:
        minutes, rest = divmod(round(seconds), _MINUTE_S)
        return say("format.duration.min_s", language, min=minutes, s=rest)
    if round(seconds / _MINUTE_S) * _MINUTE_S < _DAY_S:
        hours, rest = divmod(round(seconds / _MINUTE_S), _MINUTE_S)
        return say("format.duration.h_min", language, h=hours, min=rest)
    days, hours = divmod(round(seconds / _HOUR_S), 24)
    return say("format.duration.d_h", language, d=days, h=hours)


def working_hours(hours: float, language: Language) -> str:
    """Hours that people work, which make no days of 24: ``40 h``, ``0.5 h``."""
    decimals = 0 if float(hours).is_integer() else 1
    shown = number(hours, language, decimals=decimals)
    return say("format.duration.hours", language, hours=shown)


def months(value: float, language: Language) -> str:
    """Months with one decimal: ``16.7 months``, ``16.7か月``."""
    return say("format.months", language, months=number(value, language, decimals=1))
