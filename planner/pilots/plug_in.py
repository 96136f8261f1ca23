"""What is said of a plug-in: its workload, or what is wrong with it."""

from dataclasses import dataclass
from typing import Literal

from planner.pilots.workload import Workload

CheckOutcome = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInProblem:
    """Why a plug-in cannot be trained.

    Attributes:
        code: Message key below ``plug_in.problem.`` in the wording catalogues.
        params: Values for the message, as text.
    """

    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInDescription:
    """An installed plug-in, loaded once to see what it brings.

    Attributes:
        name: Of its entry point, and so of its workload.
        version: Of the distribution that brings it.
        workload: None where there is a problem.
        problem: None where there is a workload.
    """

    name: str
    version: str
    workload: Workload | None
    problem: PlugInProblem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInFinding:
    """What one check of a plug-in found.

    Attributes:
        check: Message key below ``plug_in.check.``.
        outcome: A warning does not keep it from being trained.
        code: Message key below ``plug_in.problem.``; empty when all is well.
        params: Values for the message, as text.
    """

    check: str
    outcome: CheckOutcome
    code: str
    params: dict[str, str]
