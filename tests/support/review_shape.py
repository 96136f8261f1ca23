"""What a version of the review's record promised when it began, and what has broken since.

``python -m tests.support.review_shape`` writes the promise of a new version; docs/review.md says
when there has to be one.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.cli.schema import schema_of
from planner.reviews.review import FORMAT_VERSION

PROMISED = Path(__file__).parents[2] / "docs" / f"review.version-{FORMAT_VERSION}.json"

SAID_BESIDE = ("description", "title", "default", "x-unit", "const")

Shape = dict[str, dict[str, Any]]


def shape_of(schema: dict[str, Any]) -> Shape:
    """Type, unit and presence of every field, by kind and name."""
    return {
        f"{kind}.{name}": {
            "type": _bare(field),
            "unit": field.get("x-unit"),
            "required": name in described.get("required", ()),
        }
        for kind, described in {"Review": schema, **schema["$defs"]}.items()
        for name, field in described.get("properties", {}).items()
    }


def broken(promised: Shape, found: Shape) -> list[str]:
    """What a record of the version, or its reader, can no longer rely on."""
    return [
        *_broken_fields(promised, found),
        *(
            f"{name} is a new field without a default"
            for name, field in found.items()
            if name not in promised and field["required"] and _kind(name) in _kinds(promised)
        ),
    ]


def _broken_fields(promised: Shape, found: Shape) -> Iterator[str]:
    for name, was in promised.items():
        field = found.get(name)
        if field is None:
            yield f"{name} is gone"
        elif field["unit"] != was["unit"]:
            yield f"{name} has another unit"
        elif field["required"] and not was["required"]:
            yield f"{name} was not always there"
        elif not _still(was["type"], field["type"]):
            yield f"{name} has another type"


def _still(was: Any, now: Any) -> bool:  # any part of a JSON schema
    """Whether the type is the same; a list of words may grow."""
    if isinstance(was, dict) and isinstance(now, dict):
        return was.keys() == now.keys() and all(
            set(was[key]) <= set(now[key]) if key == "enum" else _still(was[key], now[key])
            for key in was
        )
    if isinstance(was, list) and isinstance(now, list):
        return len(was) == len(now) and all(map(_still, was, now))
    return bool(was == now)


def _bare(part: Any) -> Any:  # any part of a JSON schema
    """A type without what is said of it."""
    if isinstance(part, dict):
        return {key: _bare(value) for key, value in part.items() if key not in SAID_BESIDE}
    return [_bare(value) for value in part] if isinstance(part, list) else part


def _kinds(shape: Shape) -> set[str]:
    return {_kind(name) for name in shape}


def _kind(name: str) -> str:
    return name.partition(".")[0]


if __name__ == "__main__":
    shape = shape_of(schema_of("review"))
    lines = [f"{json.dumps(name)}: {json.dumps(field)}" for name, field in sorted(shape.items())]
    PROMISED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
