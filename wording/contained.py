"""Somebody's own words inside our sentences: what they turn around ends where they end."""

import re

_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_END_OF_EMBEDDING = "\u202c"
_ISOLATES = "\u2066\u2067\u2068"
_END_OF_ISOLATE = "\u2069"
_MARKS = re.compile(f"[{_EMBEDDINGS}{_END_OF_EMBEDDING}{_ISOLATES}{_END_OF_ISOLATE}]")


def contained(words: str) -> str:
    """The words without what would reach past their end.

    Directions of writing that they open are closed in reverse order, and those that they close
    without having opened them are left out.
    """
    if not _MARKS.search(words):
        return words
    told: list[str] = []
    closings: list[str] = []
    for letter in words:
        if letter in _EMBEDDINGS:
            closings.append(_END_OF_EMBEDDING)
        elif letter in _ISOLATES:
            closings.append(_END_OF_ISOLATE)
        elif letter in (_END_OF_EMBEDDING, _END_OF_ISOLATE):
            if not closings or closings[-1] != letter:
                continue
            closings.pop()
        told.append(letter)
    return "".join((*told, *reversed(closings)))
