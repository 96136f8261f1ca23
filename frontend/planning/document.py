"""A plan while it is written: the pilot file as plain JSON, complete but perhaps not valid yet.

A field of it is named by the same path that a refusal of the API names, such as
``schedules[1].learning_rate.initial``, so that a sentence finds its place beside the field.
"""

import copy
import re
from typing import Any

Document = dict[str, Any]
Path = tuple[str | int, ...]

_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def parts(path: str) -> Path:
    """Names and places of a path."""
    return tuple(name or int(place) for name, place in _PART.findall(path))


def read(document: Document, path: str) -> Any:  # noqa: ANN401  # JSON has no narrower type
    """What stands at a path; None where nothing does."""
    found: Any = document
    for part in parts(path):
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def written(document: Document, path: str, value: object) -> Document:
    """A copy with ``value`` at a path whose surroundings exist; the original stays."""
    changed = copy.deepcopy(document)
    *outer, last = parts(path)
    place: Any = changed
    for part in outer:
        place = place[part]
    place[last] = value
    return changed


def is_within(path: str, area: str) -> bool:
    """Whether a path is an area's own or lies below it."""
    whole = parts(area)
    return parts(path)[: len(whole)] == whole
