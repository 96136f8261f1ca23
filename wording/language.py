"""The languages that Paybatch speaks."""

from typing import Literal, get_args

Language = Literal["en", "ja"]


def preferred_language(accept_language: str) -> Language:
    """The reader's first choice among ours, from an ``Accept-Language`` header; else English."""
    best: Language = "en"
    weight = 0.0
    for part in accept_language.split(","):
        tag, *parameters = [piece.strip() for piece in part.split(";")]
        wanted = _weight(parameters)
        for language in get_args(Language):
            if tag.lower().partition("-")[0] == language and wanted > weight:
                best, weight = language, wanted
    return best


def _weight(parameters: list[str]) -> float:
    """How much a language is wanted: ``q=0.8``, or 1 where nothing readable is said."""
    for parameter in parameters:
        name, _, text = parameter.partition("=")
        if name == "q":
            try:
                return float(text)
            except ValueError:
                return 0.0
    return 1.0
