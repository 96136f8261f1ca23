"""Pilots that are ready to be started."""

from functools import cache
from importlib.resources import files

import yaml

from backend.wire.codec import decode
from planner.exchange.page_states import Example
from planner.pilots.pilot import Pilot

_FILES = {"digits": "data/example_pilot.yaml"}
"""File of each example, by the message key of its description."""


@cache
def examples() -> tuple[Example, ...]:
    """Every example, the simplest first."""
    return tuple(Example(key=key, pilot=_pilot(path)) for key, path in _FILES.items())


def _pilot(path: str) -> Pilot:
    text = files("backend").joinpath(path).read_text(encoding="utf-8")
    return decode(Pilot, yaml.safe_load(text))
