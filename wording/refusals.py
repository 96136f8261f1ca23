"""Refused input as one line a problem: the field, and a sentence that says what to change."""

from collections.abc import Mapping

from wording.catalogue import say
from wording.language import Language


def refusal_sentence(code: str, language: Language, params: Mapping[str, str | float]) -> str:
    """What is wrong and what to do about it."""
    return say(f"refusal.{code}", language, **params)


def refusal_line(
    field: str, code: str, language: Language, params: Mapping[str, str | float]
) -> str:
    """The sentence behind the field it is about."""
    sentence = refusal_sentence(code, language, params)
    if not field:
        return sentence
    return say("format.field", language, field=field, message=sentence)
