"""The keyed messages of both languages: one way to say something, and no silent gaps."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any, get_args

from wording.contained import contained
from wording.language import Language
from wording.numbers import number

LANGUAGES: tuple[Language, ...] = get_args(Language)


class MessageMissing(LookupError):
    """A key without a message, or a message without one of its values: a defect of ours."""


@cache
def messages(language: Language) -> Mapping[str, str]:
    """All messages of a language by dotted key."""
    source = resources.files("wording").joinpath("messages", f"{language}.toml")
    return dict(_flatten(tomllib.loads(source.read_text(encoding="utf-8")), ""))


def knows(key: str) -> bool:
    """Whether a key has a message, for names that may be either a key or a user's own text."""
    return key in messages("en")


def say(key: str, language: Language, /, **params: str | float) -> str:
    """The message of ``key`` with its values filled in.

    Numbers are shown in the language's format; text goes in as it is but `contained`, so format
    money, dates and shares before. Values that the message does not use are allowed.
    """
    message = messages(language).get(key)
    if message is None:
        raise MessageMissing(f"{language}: no message for {key}")
    shown = {
        name: contained(value) if isinstance(value, str) else number(value, language)
        for name, value in params.items()
    }
    missing = placeholders(message) - shown.keys()
    if missing:
        raise MessageMissing(f"{language}: {key} needs {', '.join(sorted(missing))}")
    return message.format_map(shown)


def placeholders(message: str) -> set[str]:
    """Names between braces."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def _flatten(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, value
        else:
            yield from _flatten(value, f"{key}.")
