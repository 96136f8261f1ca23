"""Between JSON and the planner's dataclasses."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")


_ADAPTERS: dict[object, TypeAdapter[Any]] = {}


def decode(kind: type[Value], body: bytes) -> Value:
    """The value that the API sent."""
    return adapter(kind).validate_json(body)


def encode(value: object) -> bytes:
    """The JSON of a value that the API takes; bytes are a file, and sent as they are."""
    if isinstance(value, bytes):
        return value
    return adapter(type(value)).dump_json(value)


def adapter(kind: type[Value]) -> TypeAdapter[Value]:
    """Pydantic's view of ``kind``, made once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
