"""Messages of the shelf in English, for logs and for the detail of a run.

Read as a file: the shelf's own code needs packages that a worker does without.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from planner.pilots.plug_in import PlugInProblem


def sentence_of(problem: PlugInProblem) -> str:
    """What is wrong with a plug-in and how to mend it."""
    return english(f"plug_in.problem.{problem.code}", problem.params)


def english(key: str, params: Mapping[str, str]) -> str:
    """A message with its values filled in."""
    found: Any = _messages()
    for name in key.split("."):
        found = found[name]
    return str(found).format_map(params)


@cache
def _messages() -> dict[str, Any]:
    source = resources.files("wording").joinpath("messages", "en.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
