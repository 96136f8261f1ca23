"""A pilot: the runs compared with each other for one workload, and what was fixed beforehand."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from planner.bounds import (
    check_at_least,
    check_at_most,
    check_name,
    check_not_negative,
    check_positive,
    check_unique,
)
from planner.devices.fabric import Interconnect
from planner.devices.throughput import Precision
from planner.economics.assumptions import Assumptions, Production
from planner.inference.quality import Direction
from planner.money import Money
from planner.pilots.caps import Caps as Caps
from planner.pilots.device_stages import DevicesOfSchedule, check_devices, counts_of
from planner.pilots.divergence import Divergence as Divergence
from planner.pilots.meters import Meters
from planner.pilots.run import Run
from planner.pilots.seeds import Seeds as Seeds
from planner.pilots.target import Quality as Quality
from planner.pilots.target import Target as Target
from planner.pilots.workload import Workload
from planner.refusal import Refusal, require
from planner.schedules.evaluation import evaluation_steps, parse_every
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import MOST_EPOCHS, Schedule, check_fits, plan_steps

PilotPhase = Literal["probing", "selection", "confirmation", "done", "cancelled"]

MOST_RATE_MULTIPLIERS = 16
MOST_SCHEDULES = 16
MOST_LOOKS = 3
MOST_FINALISTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long every run trains."""

    epochs: int

    def __post_init__(self) -> None:
        check_at_least(self.epochs, 1, "epochs")
        check_at_most(self.epochs, MOST_EPOCHS, "epochs")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """When metrics are evaluated: ``every`` such as ``1ep``; the end of a run always is."""

    every: str = "1ep"

    def __post_init__(self) -> None:
        parse_every(self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareChoice:
    """Hardware of the review: a price-book row, or the user's own price.

    Attributes:
        profile: Id of a price-book row, or ``this-computer``.
        device_count: Devices that train together.
        rent_per_gpu_hour: The user's own price instead of the row's.
        interconnect: Between the devices of the production's training; None: what they say to
            each other takes no time.
    """

    profile: str = "this-computer"
    device_count: int = 1
    rent_per_gpu_hour: Money | None = None
    interconnect: Interconnect | None = None

    def __post_init__(self) -> None:
        check_name(self.profile, "profile")
        check_at_least(self.device_count, 1, "device_count")
        if self.rent_per_gpu_hour is not None:
            check_not_negative(self.rent_per_gpu_hour.amount, "rent_per_gpu_hour.amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Everything that is fixed before the first run.

    Attributes:
        rate_multipliers: Factors on the whole rate curve, tried for every schedule on the
            selection seeds; ``(1,)`` is no sweep. 1 is always among them: every schedule is
            also tried as it was written.
        precision: Number format in which every run, and the throughput curve, computes.
        looks: Times the confirmation may be judged, 1 to 3; more looks ask for more confidence.
        devices: Of each stage of some schedules; of any other schedule, one.
    """

    name: str
    workload: str
    target: Target
    quality: Quality | None = None
    budget: Budget
    evaluation: EvaluationPlan = EvaluationPlan()
    seeds: Seeds
    rate_multipliers: tuple[float, ...] = (1.0,)
    momentum_form: MomentumForm = "heavy_ball"
    precision: Precision = "float32"
    divergence: Divergence = Divergence()
    meters: Meters = Meters()
    looks: int = 2
    schedules: tuple[Schedule, ...]
    devices: tuple[DevicesOfSchedule, ...] = ()
    hardware: HardwareChoice = HardwareChoice()
    production: Production | None = None
    caps: Caps = Caps()
    assumptions: Assumptions = field(default_factory=Assumptions)

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        check_name(self.workload, "workload")
        _check_rate_multipliers(self.rate_multipliers)
        require(1 <= self.looks <= MOST_LOOKS, "looks", "looks_out_of_range", most=MOST_LOOKS)
        _check_schedules(self.schedules, self.budget.epochs)
        check_devices(self.devices, [schedule.name for schedule in self.schedules])
        _check_evaluations_in_epochs(self)
        if not self.seeds.selection:
            sweep = len(self.rate_multipliers) > 1
            require(not sweep, "seeds.selection", "selection_seeds_missing_for_rates")
            require(
                len(self.candidates) <= MOST_FINALISTS,
                "seeds.selection",
                "selection_seeds_missing_for_candidates",
                most=MOST_FINALISTS,
            )

    @property
    def baseline(self) -> Schedule:
        """The schedule that the team runs today."""
        return next(schedule for schedule in self.schedules if schedule.role == "baseline")

    @property
    def candidates(self) -> tuple[Schedule, ...]:
        """The schedules that might replace the baseline, in the pilot's order."""
        return tuple(schedule for schedule in self.schedules if schedule.role == "candidate")

    @property
    def most_devices(self) -> int:
        """Devices that some stage is trained with at most."""
        return max((count for one in self.devices for count in one.counts), default=1)

    def devices_of(self, schedule: str) -> DevicesOfSchedule | None:
        """Devices of a schedule's stages; None where one device trains all of them."""
        return counts_of(self.devices).get(schedule)

    @property
    def needs_selection(self) -> bool:
        """Whether runs on selection seeds come before the confirmation."""
        something_to_select = (
            len(self.rate_multipliers) > 1
            or len(self.candidates) > MOST_FINALISTS
            or not self.seeds.confirmation
        )
        return bool(self.seeds.selection) and something_to_select


def check_workload(pilot: Pilot, known: Mapping[str, Workload]) -> None:
    """Refuses a pilot that its workload cannot serve: not ``known``, metrics, directions, steps.

    Apart from the Pilot itself, because workers may bring workloads of their own.
    """
    workload = known.get(pilot.workload)
    if workload is None:
        raise Refusal("workload", "workload_unknown", workload=pilot.workload)
    target, quality, evaluated = pilot.target, pilot.quality, workload.metrics
    _check_evaluated(target.metric, evaluated, "target.metric", "target_never_evaluated")
    _check_direction(target.metric, target.direction, workload, "target.direction")
    if quality is not None:
        _check_evaluated(quality.metric, evaluated, "quality.metric", "quality_never_evaluated")
        _check_direction(quality.metric, quality.improves, workload, "quality.direction")
    for place, schedule in enumerate(pilot.schedules):
        try:
            table = plan_steps(
                schedule, training_samples=workload.training_samples, epochs=pilot.budget.epochs
            )
        except Refusal as refusal:
            raise _of_schedule(place, refusal) from refusal
        _check_sustainable(pilot, len(evaluation_steps(pilot.evaluation.every, table)))


def runs_of_selection(pilot: Pilot) -> tuple[Run, ...]:
    """Every schedule x rate multiplier on every selection seed; empty without a selection.

    Seed by seed, so that all schedules can be compared on the first seed early.
    """
    if not pilot.needs_selection:
        return ()
    return tuple(
        Run(schedule=schedule.name, rate_multiplier=factor, seed=seed, purpose="selection")
        for seed in pilot.seeds.selection
        for factor in pilot.rate_multipliers
        for schedule in pilot.schedules
    )


def runs_of_confirmation(
    pilot: Pilot, selected: Mapping[str, float], finalists: Sequence[str]
) -> tuple[Run, ...]:
    """Baseline and finalists at their selected multiplier on every confirmation seed.

    Seed by seed, baseline first, so that every finished seed is a whole pair.
    """
    names = (pilot.baseline.name, *finalists)
    for name in names:
        require(name in selected, "selected", "schedule_not_selected", schedule=name)
    return tuple(
        Run(schedule=name, rate_multiplier=selected[name], seed=seed, purpose="confirmation")
        for seed in pilot.seeds.confirmation
        for name in names
    )


def _check_evaluated(metric: str, evaluated: Sequence[str], field: str, code: str) -> None:
    require(metric in evaluated, field, code, metric=metric, evaluated=", ".join(evaluated))


def _check_direction(metric: str, direction: Direction, workload: Workload, field: str) -> None:
    expected = workload.improves(metric) or direction
    require(direction == expected, field, "wrong_direction", metric=metric, expected=expected)


def _check_rate_multipliers(factors: tuple[float, ...]) -> None:
    require(
        len(factors) <= MOST_RATE_MULTIPLIERS,
        "rate_multipliers",
        "too_many_rate_multipliers",
        most=MOST_RATE_MULTIPLIERS,
    )
    for place, factor in enumerate(factors):
        check_positive(factor, f"rate_multipliers[{place}]")
    check_unique(factors, "rate_multipliers[{}]", "rate_multiplier_repeated")
    require(1.0 in factors, "rate_multipliers", "rate_multiplier_one_missing")


def _check_schedules(schedules: tuple[Schedule, ...], epochs: int) -> None:
    require(
        len(schedules) <= MOST_SCHEDULES, "schedules", "too_many_schedules", most=MOST_SCHEDULES
    )
    for place, schedule in enumerate(schedules):
        try:
            check_fits(schedule, epochs)
        except Refusal as refusal:
            raise _of_schedule(place, refusal) from refusal
    names = [schedule.name for schedule in schedules]
    check_unique(names, "schedules[{}].name", "schedule_name_repeated")
    roles = [schedule.role for schedule in schedules]
    require("baseline" in roles, "schedules", "baseline_missing")
    require(roles.count("baseline") == 1, "schedules", "several_baselines")
    require("candidate" in roles, "schedules", "candidate_missing")


def _of_schedule(place: int, refusal: Refusal) -> Refusal:
    """The same refusal, its field named from the pilot."""
    return Refusal(f"schedules[{place}].{refusal.field}", refusal.code, **refusal.params)


def _check_evaluations_in_epochs(pilot: Pilot) -> None:
    """What can be said of the evaluations without knowing the data: those counted in epochs."""
    distance = parse_every(pilot.evaluation.every)
    if distance.unit != "ep":
        return
    epochs = pilot.budget.epochs
    require(
        distance.amount <= epochs,
        "evaluation.every",
        "evaluation_after_the_end",
        every=pilot.evaluation.every,
        epochs=epochs,
    )
    _check_sustainable(pilot, math.ceil(epochs / distance.amount - 1e-9) + 1)


def _check_sustainable(pilot: Pilot, evaluations: int) -> None:
    """Refuses a target that asks for more evaluations in a row than a run has, the first too."""
    asked = pilot.target.sustained_evaluations
    require(
        asked <= evaluations,
        "target.sustained_evaluations",
        "too_few_evaluations",
        asked=asked,
        evaluations=evaluations,
    )
