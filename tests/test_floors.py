"""No version with a known hole can be installed: by what we ask for, pin, and have."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]

FLOORS = {
    "starlette": "1.3.1",
    "python-multipart": "0.0.27",
    "streamlit": "1.54",
    "authlib": "1.6.9",
    "torch": "2.10",
    "ray": "2.52",
}
"""The first version of each library without the holes that concern us."""


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


def pinned() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {one.name: str(one.specifier).removeprefix("==") for one in found}


@pytest.mark.parametrize("name", FLOORS)
def test_every_line_that_asks_for_a_library_refuses_versions_below_its_floor(name: str):
    bounds = [
        Version(bound.version)
        for one in asked_for()
        if one.name == name
        for bound in one.specifier
        if bound.operator == ">="
    ]
    lines = [one for one in asked_for() if one.name == name]
    assert len(bounds) == len(lines) >= 1
    assert min(bounds) >= Version(FLOORS[name])


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_pinned_and_installed_is_above_the_floor(name: str):
    assert Version(pinned()[name]) >= Version(FLOORS[name])
    assert Version(version(name)) >= Version(FLOORS[name])
