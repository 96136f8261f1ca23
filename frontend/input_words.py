"""An uncertain input and its values, as people read them beside a bar."""

from frontend.assumption_fields import FIELDS
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money
from wording.numbers import percent, ratio, significant

_BY_NAME = {field.name: field for field in FIELDS}


def input_name(name: str, language: Language) -> str:
    """What an input of the tornado is called."""
    return say(f"assumption.{name}", language)


def input_value(name: str, value: float, *, currency: str, language: Language) -> str:
    """A value of an input, with its unit."""
    if name == "speed_up":
        share = percent(value, language, decimals=1)
        return say("page.review.of_today", language, share=share)
    if name == "transfer":
        return ratio(value, language)
    field = _BY_NAME.get(name)
    if field is not None and field.per_cent:
        return percent(value, language, decimals=1)
    if field is not None and field.is_money:
        return compact_money(value, currency, language)
    return significant(value, language)
