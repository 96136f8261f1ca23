"""What must hold of a pilot before it is planned or started, at every field that is wrong."""

from collections.abc import Mapping
from dataclasses import replace

from backend.wire.problems import InputError, Problem, below, joined
from planner.pilots.pilot import Pilot, check_workload
from planner.pilots.workload import Workload
from planner.refusal import Refusal
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.schedule import plan_steps


def check(pilot: Pilot, known: Mapping[str, Workload]) -> Workload:
    """Refuses what could not be run to its end; the workload of what could.

    Raises:
        InputError: With one problem a field, named from the request.
    """
    problems = problems_of(pilot, known)
    if problems:
        raise InputError(
            tuple(replace(found, field=joined(["pilot", found.field])) for found in problems)
        )
    return known[pilot.workload]


def problems_of(pilot: Pilot, known: Mapping[str, Workload]) -> list[Problem]:
    """Why a pilot could not be run to its end, by its own fields."""
    workload = known.get(pilot.workload)
    if workload is None:
        params: dict[str, str | int | float] = {"workload": pilot.workload}
        return [Problem(field="workload", code="workload_unknown", params=params)]
    return _unfit_schedules(pilot, workload.training_samples) or _unfit_whole(pilot, known)


def _unfit_schedules(pilot: Pilot, samples: int) -> list[Problem]:
    problems = []
    for place, schedule in enumerate(pilot.schedules):
        field = f"schedules[{place}]"
        try:
            table = plan_steps(schedule, training_samples=samples, epochs=pilot.budget.epochs)
            field = "evaluation"
            evaluation_steps(pilot.evaluation.every, table)
        except Refusal as refusal:
            problem = _problem(below(field, refusal))
            if problem not in problems:
                problems.append(problem)
    return problems


def _unfit_whole(pilot: Pilot, known: Mapping[str, Workload]) -> list[Problem]:
    try:
        check_workload(pilot, known)
    except Refusal as refusal:
        return [_problem(refusal)]
    return []


def _problem(refusal: Refusal) -> Problem:
    return Problem(field=joined([refusal.field]), code=refusal.code, params=refusal.params)
