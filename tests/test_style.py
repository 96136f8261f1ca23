import dataclasses
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import planner
from tests.style_exceptions import (
    BARE_MONEY,
    DIMENSIONLESS_SUFFIXES,
    UNIT_SUFFIXES,
    WITHOUT_UNIT,
)

ROOT = Path(__file__).parents[1]
ROOMS = ("planner", "backend", "worker", "frontend", "wording", "paybatch")
SOURCES = sorted(
    path for room in (*ROOMS, "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")
)
MOST_LINES = 300
MONEY_WORDS = re.compile(r"cost|price|rent|outlay|residual|worth|amount|npv|full_month|fee|salary")


def dataclasses_of_planner():
    for found in pkgutil.walk_packages(planner.__path__, "planner."):
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            own = isinstance(thing, type) and thing.__module__ == module.__name__
            if own and dataclasses.is_dataclass(thing) and not name.startswith("_"):
                yield thing


VALUES = sorted(dataclasses_of_planner(), key=lambda value: value.__qualname__)


def float_fields(value):
    hints = get_type_hints(value)
    return [
        field.name
        for field in dataclasses.fields(value)
        if re.search(r"\bfloat(64)?\b", str(hints[field.name]))
    ]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
def test_a_number_names_its_unit_last(value):
    known = (*UNIT_SUFFIXES, *DIMENSIONLESS_SUFFIXES)
    nameless = [
        name
        for name in float_fields(value)
        if not name.endswith(known)
        and name not in WITHOUT_UNIT
        and f"{value.__name__}.{name}" not in BARE_MONEY
    ]
    assert nameless == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
def test_money_carries_its_currency(value):
    bare = [
        name
        for name in float_fields(value)
        if MONEY_WORDS.search(name.replace("current", ""))
        and not name.endswith(("_ratio", "_factor", "_fraction"))
        and f"{value.__name__}.{name}" not in BARE_MONEY
    ]
    assert bare == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
def test_a_value_is_frozen_slotted_and_built_by_keyword(value):
    assert value.__dataclass_params__.frozen
    assert "__slots__" in vars(value)
    assert [field.name for field in dataclasses.fields(value) if not field.kw_only] == []


def test_every_exception_is_still_needed():
    names = {name for value in VALUES for name in float_fields(value)}
    paths = {f"{value.__name__}.{name}" for value in VALUES for name in float_fields(value)}
    assert sorted(WITHOUT_UNIT.keys() - names) == []
    assert sorted(BARE_MONEY.keys() - paths) == []


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCES
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "common", "helpers", "helper", "core", "misc", "shared"}
    assert [path for path in SOURCES if empty & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_nothing_in_the_rooms_sleeps_to_hide_a_race():
    sleepers = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in ROOMS
        and re.search(r"\bsleep\(", path.read_text(encoding="utf-8"))
    ]
    assert sleepers == []


def test_the_rooms_import_only_what_they_may():
    """In a process of its own: it switches off every logger that there is."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
