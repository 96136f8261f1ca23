"""Between JSON-like data and the planner's dataclasses; unknown keys and NaN are refused."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

import planner
from backend.wire.problems import InputError, Params, Problem, joined
from planner.refusal import Refusal

Value = TypeVar("Value")

_CODES = {
    "missing": "missing",
    "unexpected_keyword_argument": "unknown_field",
    "extra_forbidden": "unknown_field",
    "finite_number": "not_finite",
    "literal_error": "not_one_of",
    "json_invalid": "not_json",
}
"""Message keys of pydantic's error types; the rest say that the type is wrong."""

_ADAPTERS: dict[object, TypeAdapter[Any]] = {}


def decode(kind: type[Value], data: object) -> Value:
    """A value of ``kind`` from what a JSON or YAML file holds.

    Raises:
        InputError: With one problem for every refused field.
    """
    try:
        return adapter(kind).validate_python(data)
    except ValidationError as error:
        raise InputError(problems_from(error.errors(include_url=False))) from error


def encode(value: object) -> Any:  # noqa: ANN401  # JSON has no narrower type
    """The JSON-like data of any value the API speaks of."""
    return adapter(type(value)).dump_python(value, mode="json")


def encode_json(kind: type[Value], value: Value) -> bytes:
    """The JSON text of a value of ``kind``."""
    return adapter(kind).dump_json(value)


def adapter(kind: type[Value]) -> TypeAdapter[Value]:
    """Pydantic's view of ``kind``, made once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def problems_from(errors: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Pydantic's errors as fields and codes; the text that it wrote is dropped."""
    return tuple(_problem(error) for error in errors)


def _problem(error: Mapping[str, Any]) -> Problem:
    path = error["loc"]
    refusal = error.get("ctx", {}).get("error")
    if isinstance(refusal, Refusal):
        field = joined([*path, refusal.field])
        return Problem(field=field, code=refusal.code, params=refusal.params)
    if error["type"] == "json_invalid":
        return Problem(field="", code="not_json")
    code = _CODES.get(error["type"], "wrong_type")
    return Problem(field=joined(path), code=code, params=_params(code, error))


def _params(code: str, error: Mapping[str, Any]) -> Params:
    if code == "not_one_of":
        return {"allowed": str(error["ctx"]["expected"])}
    if code == "wrong_type":
        return {"expected": str(error["type"]).partition("_")[0]}
    return {}


def _adopt() -> None:
    """Sets on every dataclass of planner what pydantic must refuse; planner knows no pydantic."""
    for found in pkgutil.walk_packages(planner.__path__, "planner."):
        for thing in vars(importlib.import_module(found.name)).values():
            if isinstance(thing, type) and dataclasses.is_dataclass(thing):
                thing.__pydantic_config__ = {  # type: ignore[attr-defined]
                    "extra": "forbid",
                    "allow_inf_nan": False,
                }
                for field in dataclasses.fields(thing):
                    if field.type in _NUMBERS:
                        field.type = Annotated[field.type, BeforeValidator(_no_truth)]


_NUMBERS = (int, float, int | None, float | None)


def _no_truth(value: object) -> object:
    """A number is no yes or no; pydantic alone takes true for 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("number_type", "a truth and no number")
    return value


_adopt()
