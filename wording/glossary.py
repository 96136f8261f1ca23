"""Words that need an explanation, and where one of them stands in a label.

A label stays the plain text that it is; whoever draws it asks here which part of it to explain.
"""

import re
from dataclasses import dataclass
from functools import cache

from wording.catalogue import messages, say
from wording.language import Language

_FORMS = ".forms"
_PREFIX = "glossary."
_BETWEEN = " | "

_EVERYDAY = re.compile("next step", re.IGNORECASE)
"""Phrases in which a word of the glossary means what it means everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A known word in a text.

    Attributes:
        word: Its key in the glossary.
        start: Place of its first character.
        end: Place behind its last character.
    """

    word: str
    start: int
    end: int


@cache
def words() -> tuple[str, ...]:
    """Keys of all words, in the order of the catalogue."""
    return tuple(
        key.removeprefix(_PREFIX).removesuffix(_FORMS)
        for key in messages("en")
        if key.startswith(_PREFIX) and key.endswith(_FORMS)
    )


def term(word: str, language: Language) -> str:
    """The word as it is listed."""
    return forms(word, language)[0]


def forms(word: str, language: Language) -> list[str]:
    """Every way in which labels spell the word; the first is the one that is listed."""
    return say(f"glossary.{word}.forms", language).split(_BETWEEN)


def meaning(word: str, language: Language) -> str:
    """What the word stands for, in a sentence or two."""
    return say(f"glossary.{word}.meaning", language)


def found_in(label: str, language: Language) -> Found | None:
    """The first known word of a label, the longest where several begin; None without one."""
    match = _pattern(language).search(_EVERYDAY.sub(_blanks, label))
    if match is None:
        return None
    spelled = _by_form(language)
    said = match.group().lower()
    word = spelled.get(said) or spelled[said.removesuffix("s")]
    return Found(word=word, start=match.start(), end=match.end())


def _blanks(phrase: re.Match[str]) -> str:
    return " " * len(phrase.group())


@cache
def _by_form(language: Language) -> dict[str, str]:
    return {form.lower(): word for word in words() for form in forms(word, language)}


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    """All forms, longest first; Latin ones only as whole words, also in the plural."""
    longest_first = sorted(_by_form(language), key=len, reverse=True)
    return re.compile("|".join(map(_spelling, longest_first)), re.IGNORECASE)


def _spelling(form: str) -> str:
    if not form.isascii():
        return re.escape(form)
    return rf"(?<![A-Za-z0-9]){re.escape(form)}s?(?![A-Za-z0-9])"
