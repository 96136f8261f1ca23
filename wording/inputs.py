"""An uncertain input and its values, as people read them beside a bar."""

from wording.assumption_fields import FIELDS
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money
from wording.numbers import percent, ratio, significant

_BY_NAME = {field.name: field for field in FIELDS}


def input_name(name: str, language: Language) -> str:
    """What an input of the tornado is called."""
    return say(f"assumption.{name}", language)


def input_ends(name: str, worse: float, better: float, *, currency: str, language: Language) -> str:
    """The values of an input at its two ends: ``10 → 30``."""
    ends = [
        input_value(name, value, currency=currency, language=language) for value in (worse, better)
    ]
    shown = say("page.review.ends", language, worse=ends[0], better=ends[1])
    return say("page.review.of_today", language, share=shown) if name == "speed_up" else shown


def input_value(name: str, value: float, *, currency: str, language: Language) -> str:
    """A value of an input in the unit that people type; amounts in the review's currency."""
    if name == "speed_up":
        return percent(value, language, decimals=1)
    if name == "transfer":
        return ratio(value, language)
    field = _BY_NAME.get(name)
    if field is not None and field.per_cent:
        return percent(value, language, decimals=1)
    if field is not None and field.is_money:
        return compact_money(value, currency, language)
    return significant(value, language)
