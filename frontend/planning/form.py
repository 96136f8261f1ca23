"""What the three steps of a plan do to its document, and where what is said about it belongs."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from frontend.calls.api import FieldProblem
from frontend.calls.codec import adapter
from frontend.planning.document import Document, is_within, parts, read, written
from frontend.planning.schedule_form import (
    Preset,
    free_name,
    preset_schedule,
    schedule_document,
    unnumbered,
)
from frontend.planning.stage_devices import with_counts
from planner.inference.quality import Direction
from planner.pilots.meters import COSTLY
from planner.pilots.pilot import Pilot
from planner.pilots.workload import TARGET_METRICS, Workload
from planner.plans.plan_facts import PlanFacts, PlanRequest
from planner.schedules.schedule import Schedule
from wording.assumption_fields import BY_NAME, typed

Step = Literal[1, 2, 3]
STEPS: tuple[Step, ...] = get_args(Step)

AREAS: dict[Step, tuple[str, ...]] = {
    2: ("pilot.schedules", "pilot.devices"),
    3: (
        "pilot.hardware",
        "pilot.production",
        "pilot.assumptions",
        "pilot.caps",
        "pilot_rate_per_device_h",
    ),
}
"""Fields of each step; everything else belongs to the first."""

MULTIPLIERS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Rate multipliers that the page offers; a file may state others."""

FIRST_PRODUCTION: Document = {
    "training_h": 12.0,
    "device_count": 8,
    "batch_size": 256,
    "half_saturation_batch_size_per_device": 64.0,
    "maximum_batch_size_per_device": None,
    "overhead_fraction": 0.05,
}

FIRST_TOLERANCE = 0.01

GIVEN = "given_schedules"
"""Where a plan keeps the schedules as the page gave them, to tell which somebody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence to be shown beside a field.

    Attributes:
        field: Path in the document.
        code: Message key below ``refusal.`` or ``warning.``.
        params: Values for the message.
        refused: Whether the plan cannot be started like this.
    """

    field: str
    code: str
    params: dict[str, str | int | float]
    refused: bool


def plan_of(pilot: Pilot, *, name: str) -> Document:
    """A new plan that begins as a copy of a pilot."""
    document: Document = adapter(Pilot).dump_python(replace(pilot, name=name), mode="json")
    return {
        "pilot": document,
        GIVEN: copy.deepcopy(document["schedules"]),
        "pilot_rate_per_device_h": None,
        "measure_again": False,
    }


def request_of(document: Document) -> dict[str, Any]:
    """What the API is asked about a plan."""
    asked = {name: document.get(name) for name in ("pilot", "pilot_rate_per_device_h")}
    return {**asked, "measure_again": bool(document.get("measure_again"))}


def plan_request(document: Document) -> PlanRequest:
    """The plan as a value; for plans that the API accepted."""
    request: PlanRequest = adapter(PlanRequest).validate_python(request_of(document))
    return request


def is_plan(body: Document) -> bool:
    """Whether a stored draft has what the pages need to show it."""
    pilot = body.get("pilot")
    if not isinstance(pilot, dict):
        return False
    schedules = pilot.get("schedules")
    return (
        all(isinstance(pilot.get(name), dict) for name in ("target", "budget", "seeds", "hardware"))
        and isinstance(pilot.get("assumptions"), dict)
        and isinstance(schedules, list)
        and all(isinstance(one, dict) and "learning_rate" in one for one in schedules)
    )


def step_of(field: str) -> Step:
    """The step on which a field is shown."""
    for step, areas in AREAS.items():
        if any(is_within(field, area) for area in areas):
            return step
    return 1


def remarks_on(
    document: Document, problems: Iterable[FieldProblem], facts: PlanFacts | None
) -> tuple[Remark, ...]:
    """Every refusal and warning, at its path in the document."""
    refusals = [
        Remark(
            field=found.field,
            code=_code_at(document, found),
            params=dict(found.params),
            refused=True,
        )
        for found in problems
    ]
    found = [] if facts is None else [*facts.warnings]
    for schedule in () if facts is None else facts.schedules:
        found += schedule.warnings
    warnings = [
        Remark(field=f"pilot.{one.field}", code=one.code, params=dict(one.params), refused=False)
        for one in found
    ]
    return (*refusals, *warnings)


def _code_at(document: Document, problem: FieldProblem) -> str:
    """An empty field has one name, whatever type it should have had."""
    empty = problem.code == "wrong_type" and read(document, problem.field) is None
    return "missing" if empty else problem.code


def as_typed(remark: Remark) -> dict[str, str | int | float]:
    """The values of a remark in the unit of its field, which may be per cents."""
    field = next((BY_NAME[name] for name in parts(remark.field) if name in BY_NAME), None)
    if field is None or not field.per_cent:
        return remark.params
    return {
        name: value if isinstance(value, str) else typed(field, float(value))
        for name, value in remark.params.items()
    }


def quality_metrics(workload: Workload | None) -> tuple[str, ...]:
    """Metrics that can be what a candidate must hold: a low gradient norm is not quality."""
    evaluated = tuple(TARGET_METRICS) if workload is None else workload.metrics
    return tuple(name for name in evaluated if name != "full_gradient_norm")


def improves(workload: Workload | None, metric: str) -> Direction:
    """Side on which a metric of the chosen workload improves."""
    stated = None if workload is None else workload.improves(metric)
    return stated or TARGET_METRICS.get(metric, "below")


def with_metric(document: Document, metric: str, workload: Workload | None) -> Document:
    """Another target metric, with the direction in which it improves."""
    document = written(document, "pilot.target.metric", metric)
    return written(document, "pilot.target.direction", improves(workload, metric))


def with_quality(document: Document, workload: Workload | None, *, wanted: bool) -> Document:
    """The plan with or without a quality that must hold; accuracy, where it is evaluated."""
    offered = quality_metrics(workload)
    first = "validation_accuracy" if "validation_accuracy" in offered else offered[0]
    quality = {"metric": first, "tolerance": FIRST_TOLERANCE, "direction": None}
    document = written(document, "pilot.quality", quality if wanted else None)
    return with_quality_metric(document, first, workload) if wanted else document


def with_quality_metric(document: Document, metric: str, workload: Workload | None) -> Document:
    """Another metric that must hold; one that only the workload knows states its direction."""
    document = written(document, "pilot.quality.metric", metric)
    direction = None if metric in TARGET_METRICS else improves(workload, metric)
    return written(document, "pilot.quality.direction", direction)


def with_meters(document: Document, *, wanted: bool) -> Document:
    """The plan with or without the costly meters."""
    return written(document, "pilot.meters", dict.fromkeys(COSTLY, wanted))


def with_seed_count(document: Document, phase: str, count: int) -> Document:
    """The plan with ``count`` seeds in a phase: the first stay, new ones serve no phase yet."""
    seeds: dict[str, list[int]] = read(document, "pilot.seeds")
    kept = list(seeds[phase][:count])
    used = {*seeds["selection"], *seeds["confirmation"]}
    following = max(used, default=0) + 1
    if len(kept) < count:
        kept += range(following, following + count - len(kept))
    return written(document, f"pilot.seeds.{phase}", kept)


def with_multipliers(document: Document, chosen: Iterable[float]) -> Document:
    """The plan with these rate multipliers, rising; 1, the rate as it is stated, is always one."""
    return written(document, "pilot.rate_multipliers", sorted({1.0, *chosen}))


def with_production(document: Document, *, wanted: bool) -> Document:
    """The plan with or without the training that the pilot stands for."""
    return written(document, "pilot.production", dict(FIRST_PRODUCTION) if wanted else None)


def with_device_count(document: Document, count: int | None) -> Document:
    """As many devices in production as the hardware has: one number on the page, two in a file."""
    document = written(document, "pilot.hardware.device_count", count)
    if read(document, "pilot.production") is None:
        return document
    return written(document, "pilot.production.device_count", count)


def with_money_cap(
    document: Document, path: str, amount: float | None, *, currency: str
) -> Document:
    """The plan with a cap in money; an empty field is no cap."""
    cap = None if amount is None else {"amount": amount, "currency": currency}
    return written(document, path, cap)


def with_preset(document: Document, preset: Preset, *, name: str) -> Document:
    """The plan with one more candidate."""
    schedules: list[Document] = read(document, "pilot.schedules")
    made = preset_schedule(
        preset,
        today=schedules[baseline_place(schedules)],
        epochs=read(document, "pilot.budget.epochs") or 1,
        name=name,
        taken=[schedule["name"] for schedule in schedules],
    )
    return written(document, "pilot.schedules", [*schedules, made])


def with_control(document: Document, control: Schedule) -> Document:
    """The plan with a control of equal effort as one more candidate."""
    schedules: list[Document] = read(document, "pilot.schedules")
    return written(document, "pilot.schedules", [*schedules, schedule_document(control)])


def with_copy(document: Document, place: int) -> Document:
    """The plan with one of its schedules once more, as a candidate with a name of its own."""
    schedules: list[Document] = read(document, "pilot.schedules")
    taken = [schedule["name"] for schedule in schedules]
    name = free_name(unnumbered(schedules[place]["name"], taken), taken)
    copy = {**schedules[place], "name": name, "role": "candidate"}
    return written(document, "pilot.schedules", [*schedules, copy])


def without_schedule(document: Document, place: int) -> Document:
    """The plan without one of its candidates."""
    schedules: list[Document] = read(document, "pilot.schedules")
    kept = [schedule for other, schedule in enumerate(schedules) if other != place]
    document = with_counts(document, schedules[place]["name"], None)
    return written(document, "pilot.schedules", kept)


def with_baseline(document: Document, place: int) -> Document:
    """The plan in which the schedule at a place is the one that the team runs today."""
    schedules: list[Document] = read(document, "pilot.schedules")
    roled = [
        {**schedule, "role": "baseline" if other == place else "candidate"}
        for other, schedule in enumerate(schedules)
    ]
    return written(document, "pilot.schedules", roled)


def baseline_place(schedules: Sequence[Document]) -> int:
    """Where the schedule of today stands; the first one where none is marked."""
    roles = [schedule.get("role") for schedule in schedules]
    return roles.index("baseline") if "baseline" in roles else 0
