"""Caps in words: how much of each is used, and which are nearly used up."""

from planner.pilots.cap_use import CapUse
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.numbers import percent, significant


def cap_sentence(use: CapUse, language: Language) -> str:
    """What is used of a cap, said to be estimated where a part of it is."""
    sentence = say(
        f"cap.{use.reason}",
        language,
        used=_amount(use, use.used, language),
        limit=_amount(use, use.limit, language),
        share=percent(use.used_fraction, language),
    )
    return say("cap.estimated", language, cap=sentence) if use.estimated else sentence


def near_sentence(use: CapUse, language: Language) -> str:
    """A warning that a cap is nearly used up."""
    return say("cap.near", language, cap=cap_sentence(use, language))


def _amount(use: CapUse, amount: float, language: Language) -> str:
    if use.unit == "money":
        return money(amount, use.currency, language)
    return significant(amount, language)
