"""Caps in words: how much of each is used, and which are nearly used up."""

import math
from dataclasses import replace

from babel.numbers import get_currency_precision

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
    """A warning that a cap is nearly used up, or that it is and the work has stopped.

    Those of the month say who can raise them: no page of a pilot does.
    """
    reached = "cap.reached_month" if use.scope == "month" else "cap.reached"
    key = reached if use.reached else "cap.near"
    return say(key, language, cap=cap_sentence(use, language))


def forecast_sentence(use: CapUse, language: Language) -> str:
    """How much of a cap is expected to be used in the end."""
    if use.expected is None:
        return say("cap.unknown", language, cap=cap_sentence(use, language))
    return say("cap.expected", language, cap=_expected(use, language))


def passing_sentence(use: CapUse, language: Language) -> str:
    """A warning that work is expected to stop at a cap before it is done."""
    return say("cap.passing", language, cap=forecast_sentence(use, language))


def limit_words(use: CapUse, language: Language) -> str:
    """The cap itself, with its unit."""
    return say(f"notification.limit.{use.unit}", language, amount=_amount(use, use.limit, language))


def _expected(use: CapUse, language: Language) -> str:
    """The same sentence with what is expected instead of what is used."""
    expected = use.used if use.expected is None else use.expected
    return cap_sentence(replace(use, used=expected, estimated=False), language)


def _amount(use: CapUse, amount: float, language: Language) -> str:
    """Money in as many decimals as its limit needs to be told from nothing."""
    if use.unit == "money":
        return money(amount, use.currency, language, decimals=_decimals(use))
    return significant(amount, language)


def _decimals(use: CapUse) -> int | None:
    """None, the currency's own, unless they leave the limit less than two figures."""
    needed = 1 - math.floor(math.log10(use.limit))
    return needed if needed > get_currency_precision(use.currency) else None
