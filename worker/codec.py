"""Dataclasses to JSON values and back, by their annotations alone."""

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")

_SCALARS = (bool, int, float, str)
_PLAIN = frozenset({*_SCALARS, type(None)})


def encode(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """JSON values for a dataclass; tuples become lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        if _PLAIN.issuperset(map(type, value)):
            return list(value)  # series are long
        return [encode(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if value is None or isinstance(value, _SCALARS):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def encode_unusual(value: object) -> Any:  # noqa: ANN401
    """The same without fields of the outermost dataclass that are as they are taken for granted.

    An API of an earlier version does not know all of them, and would refuse what it does not know.
    """
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return encode(value)
    usual = {
        field.name
        for field in dataclasses.fields(value)
        if getattr(value, field.name) == field.default
    }
    return {name: said for name, said in encode(value).items() if name not in usual}


def decode(kind: type[Value], data: object) -> Value:
    """A value of type ``kind`` from JSON values.

    Fields that ``kind`` does not know are ignored, so that a newer API can talk to this worker.

    Raises:
        ValueError: A field is missing or has another type; the message names it.
    """
    value: Value = _decode(kind, data, "value")
    return value


def _decode(kind: Any, data: Any, path: str) -> Any:  # noqa: ANN401
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, data, path)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(kind, data, path)
    if origin is Literal:
        return _expect(data in get_args(kind), data, path)
    if origin is tuple:
        return _decode_tuple(kind, data, path)
    if origin is dict:
        _expect(isinstance(data, dict), data, path)
        _, item = get_args(kind)
        return {key: _decode(item, value, f"{path}.{key}") for key, value in data.items()}
    return _decode_scalar(kind, data, path)


@cache
def _type_hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode_dataclass(kind: type, data: Any, path: str) -> Any:  # noqa: ANN401
    _expect(isinstance(data, dict), data, path)
    hints = _type_hints(kind)
    known = {field.name for field in dataclasses.fields(kind)}
    arguments = {
        name: _decode(hints[name], value, f"{path}.{name}")
        for name, value in data.items()
        if name in known
    }
    try:
        return kind(**arguments)
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from error


def _decode_union(kind: Any, data: Any, path: str) -> Any:  # noqa: ANN401
    choices = get_args(kind)
    if data is None:
        return _expect(type(None) in choices, data, path)
    (only,) = [choice for choice in choices if choice is not type(None)]
    return _decode(only, data, path)


def _decode_tuple(kind: Any, data: Any, path: str) -> Any:  # noqa: ANN401
    item, _ = get_args(kind)
    _expect(isinstance(data, list), data, path)
    kinds, given = frozenset(get_args(item) or (item,)), set(map(type, data))
    if given <= kinds <= _PLAIN:
        return tuple(data)  # series are long
    if given == {int} and float in kinds <= _PLAIN:
        return tuple(map(float, data))
    return tuple(_decode(item, value, f"{path}.{index}") for index, value in enumerate(data))


def _decode_scalar(kind: Any, data: Any, path: str) -> Any:  # noqa: ANN401
    if kind is Path:
        return Path(_expect(isinstance(data, str), data, path))
    if kind is datetime:
        return datetime.fromisoformat(_expect(isinstance(data, str), data, path))
    if kind is float:
        number = not isinstance(data, bool) and isinstance(data, int | float)
        return float(_expect(number, data, path))
    return _expect(type(data) is kind, data, path)


def _expect(condition: bool, data: Any, path: str) -> Any:  # noqa: ANN401
    if not condition:
        raise ValueError(f"{path}: unexpected {data!r}")
    return data
