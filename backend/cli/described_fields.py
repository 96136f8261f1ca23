"""Docstrings of values as the descriptions of a JSON schema's fields, with their units."""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

Schema = dict[str, Any]

UNITS = {
    "_per_gpu_hour": "per device-hour",
    "_per_device_h": "per device-hour",
    "_per_kwh": "per kWh",
    "_per_year": "per year",
    "_per_month": "per month",
    "_per_day": "per day",
    "_per_h": "per hour",
    "_per_s": "per second",
    "_months": "months",
    "_years": "years",
    "_kwh": "kWh",
    "_kg": "kg",
    "_bytes": "bytes",
    "_fraction": "fraction of 1",
    "_fractions": "fraction of 1",
    "_probability": "fraction of 1",
    "_ratio": "quotient of two numbers of one unit",
    "_factor": "quotient of two numbers of one unit",
    "_multiplier": "quotient of two numbers of one unit",
    "_s": "seconds",
    "_h": "hours",
    "_j": "joules",
    "_w": "watts",
}
"""Unit of a number by the end of its field's name; the longer end comes first."""

_FIELD = re.compile(r"^ {4}(\w+): (.*?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)


def with_descriptions(schema: Schema) -> Schema:
    """The schema with a description of every field that its docstring has, and the field's unit.

    A docstring's "Attributes" move to the fields that they describe; a field without one keeps
    the first line of its type. Units are annotations below ``x-unit``.
    """
    kinds = schema.get("$defs", {})
    described = _described(schema, kinds)
    if kinds:
        described["$defs"] = {name: _described(kind, kinds) for name, kind in kinds.items()}
    return described


def _described(kind: Schema, kinds: dict[str, Schema]) -> Schema:
    about, _, attributes = kind.get("description", "").partition("Attributes:\n")
    told = {name: " ".join(text.split()) for name, text in _FIELD.findall(attributes)}
    fields = {
        name: {**field, **_annotations(name, field, told.get(name), kinds)}
        for name, field in kind.get("properties", {}).items()
    }
    return {
        **kind,
        **({"description": cleandoc(about)} if about else {}),
        **({"properties": fields} if fields else {}),
    }


def _annotations(name: str, field: Schema, told: str | None, kinds: dict[str, Schema]) -> Schema:
    unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), None)
    about = told or next(_of_types(field, kinds), None)
    found = {"description": about, "x-unit": unit}
    return {key: text for key, text in found.items() if text is not None}


def _of_types(field: Schema, kinds: dict[str, Schema]) -> Iterator[str]:
    """First lines of the types that a field may have."""
    for choice in (field, *field.get("anyOf", ()), field.get("items", {})):
        named = choice.get("$ref", "").removeprefix("#/$defs/")
        if named in kinds and "description" in kinds[named]:
            yield kinds[named]["description"].partition("\n")[0]
