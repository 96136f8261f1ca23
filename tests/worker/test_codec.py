from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from planner.exchange.work import AttemptStart, Claim
from planner.pilots.pilot import Target
from tests.worker.builders import a_claimed_run
from worker.codec import decode, encode


@dataclass(frozen=True, kw_only=True)
class Mixed:
    colour: Literal["red", "green"]
    size: float | None
    parts: tuple[int, ...]
    columns: dict[str, tuple[float | None, ...]]
    folder: Path = Path("/tmp")  # noqa: S108 - a value like any other


MIXED = Mixed(colour="red", size=None, parts=(1, 2), columns={"loss": (0.5, None)})


@pytest.mark.parametrize("value", [MIXED, Claim(token=3, runs=(a_claimed_run(),))])
def test_a_value_comes_back_from_json_as_it_was(value: object) -> None:
    assert decode(type(value), encode(value)) == value


def test_a_whole_number_serves_as_a_float() -> None:
    data = encode(MIXED) | {"size": 2}
    assert decode(Mixed, data).size == 2.0


def test_whole_numbers_serve_as_a_column_of_floats() -> None:
    data = encode(MIXED) | {"columns": {"size": [8, 16], "loss": [1, None, 0.5]}}
    columns = decode(Mixed, data).columns
    assert columns == {"size": (8.0, 16.0), "loss": (1.0, None, 0.5)}
    values = [value for column in columns.values() for value in column]
    assert {type(value) for value in values} == {float, type(None)}


def test_a_field_that_a_newer_api_adds_is_ignored() -> None:
    assert decode(AttemptStart, {"from_step": 3, "colour": "red"}) == AttemptStart(from_step=3)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("colour", "blue"),
        ("size", "2"),
        ("size", True),
        ("parts", 1),
        ("parts", [1.5]),
        ("columns", {"loss": 1}),
        ("columns", {"loss": [True, False]}),
        ("columns", {"loss": ["0.5"]}),
    ],
)
def test_a_wrong_type_is_refused_by_name(field: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=f"value.{field}"):
        decode(Mixed, encode(MIXED) | {field: wrong})


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(ValueError, match="direction"):
        decode(Target, {"metric": "validation_loss", "value": 0.1})


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        encode(object())
