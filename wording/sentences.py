"""Sentences one after the other."""

from collections.abc import Iterable


def together(sentences: Iterable[str]) -> str:
    """One text of several sentences, empty ones left out.

    A space parts them, but not behind a Japanese full stop, which is as wide as two letters.
    """
    told = ""
    for sentence in filter(None, sentences):
        gap = " " if told and not told.endswith("。") else ""
        told += gap + sentence
    return told
