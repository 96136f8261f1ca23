"""Plug-ins that are installed on this computer; each is loaded in a program of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping

from backend.cli.options import Failed
from backend.codec import decode
from planner.plug_in import PlugInDescription, PlugInProblem
from planner.workload import BUILT_IN, Workload
from wording.catalogue import say
from wording.language import Language


def descriptions() -> tuple[PlugInDescription, ...]:
    """Every installed plug-in; the program that loads them ends each that takes too long."""
    asked = subprocess.run(  # a program of ours, no shell
        [sys.executable, "-m", "worker.describe"], capture_output=True, text=True, check=True
    )
    return decode(tuple[PlugInDescription, ...], json.loads(asked.stdout))


def known_here(name: str, language: Language) -> Mapping[str, Workload]:
    """The built-in workloads, and those of plug-ins if ``name`` is none of the former.

    Raises:
        Failed: A plug-in brings it and cannot be used.
    """
    if name in BUILT_IN:
        return BUILT_IN
    found = descriptions()
    for one in found:
        if one.name == name and one.problem is not None:
            raise Failed(problem_sentence(one.problem, language))
    brought = {one.name: one.workload for one in found if one.workload is not None}
    return {**BUILT_IN, **brought, **BUILT_IN}


def problem_sentence(problem: PlugInProblem, language: Language) -> str:
    """What is wrong with a plug-in and how to mend it."""
    return say(f"plug_in.problem.{problem.code}", language, **problem.params)
