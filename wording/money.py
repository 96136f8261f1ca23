"""Amounts of money as people read them, in full and in compact form."""

from babel.numbers import get_currency_precision, get_currency_symbol

from wording.catalogue import knows, say
from wording.language import Language
from wording.numbers import number, rounded_half_up, significant

_COMPACT_UNITS: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "K")),
    "ja": ((1e12, "兆"), (1e8, "億"), (1e4, "万")),
}


def money(
    amount: float,
    currency: str,
    language: Language,
    *,
    decimals: int | None = None,
    signed: bool = False,
) -> str:
    """An amount in full: ``$1,234.50``, ``1,234,567円``; yen have no decimals.

    Args:
        amount: In whole units of the currency.
        currency: ISO 4217 code.
        language: Japanese puts the unit's name behind, English the symbol in front.
        decimals: Instead of the currency's own, for prices per hour or whole amounts.
        signed: Shows a plus sign as well, for changes.
    """
    places = get_currency_precision(currency) if decimals is None else decimals
    return _with_unit(number(amount, language, decimals=places, signed=signed), currency, language)


def compact_money(amount: float, currency: str, language: Language, *, signed: bool = False) -> str:
    """An amount in three figures: ``$12.3K``, ``123万円``, ``1.23億円``."""
    for unit, name in _COMPACT_UNITS[language]:
        if _to_three_figures(abs(amount)) >= unit:
            figures = significant(abs(amount) / unit, language)
            return _with_unit(_sign_of(amount, signed) + figures + name, currency, language)
    places = 0 if abs(amount) >= 100 else None
    return money(amount, currency, language, decimals=places, signed=signed)


def money_range(low: float, high: float, currency: str, language: Language) -> str:
    """A compact range, as behind a figure: ``$1.2K to $3.4K``."""
    return say(
        "format.range",
        language,
        low=compact_money(low, currency, language),
        high=compact_money(high, currency, language),
    )


def _to_three_figures(amount: float) -> float:
    return float(f"{amount:.3g}")


def _sign_of(amount: float, signed: bool) -> str:
    return number(1 if amount >= 0 else -1, "en", signed=signed).removesuffix("1")


def currency_name(currency: str, language: Language) -> str:
    """What people call it; the code of one that they have no word for here."""
    key = f"format.currency.{currency}"
    return say(key, language) if knows(key) else currency


def _with_unit(figures: str, currency: str, language: Language) -> str:
    """Puts the currency where the language has it; a sign stays in front of everything."""
    key = f"format.currency.{currency}"
    if language == "ja":
        return figures + (say(key, language) if knows(key) else f" {currency}")
    symbol = get_currency_symbol(currency, locale=language)
    gap = " " if symbol.isalpha() else ""
    sign = figures[0] if not figures[0].isdigit() else ""
    return sign + symbol + gap + figures.removeprefix(sign)


def rounded_amount(amount: float, currency: str) -> str:
    """An amount as plain digits at the currency's own precision, for files that people sum."""
    return str(rounded_half_up(amount, get_currency_precision(currency)))
