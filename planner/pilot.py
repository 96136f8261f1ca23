"""A pilot: the runs compared with each other for one workload, and what was fixed beforehand."""

from dataclasses import dataclass, field
from typing import Literal

from planner.assumptions import Assumptions, Production
from planner.momentum import MomentumForm
from planner.money import Money
from planner.schedule import Schedule
from planner.workload import Direction

PilotPhase = Literal["probing", "selection", "confirmation", "done", "cancelled"]
DivergencePolicy = Literal["stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The metric value that ends the race.

    Attributes:
        metric: Evaluated during every run; never a test metric.
        value: To be reached.
        direction: Side of ``value`` on which the metric must be.
        sustained_evaluations: Evaluations in a row that must hold; the first one counts.
    """

    metric: str
    value: float
    direction: Direction
    sustained_evaluations: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The metric that a candidate must not worsen by more than ``tolerance`` at the end."""

    metric: str
    tolerance: float
    direction: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long every run trains."""

    epochs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """When metrics are evaluated: ``every`` such as ``1ep``; the end of a run always is."""

    every: str = "1ep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Seeds of the two phases; no seed may serve both."""

    confirmation: tuple[int, ...]
    selection: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """What happens to a run whose loss average leaves the healthy range."""

    policy: DivergencePolicy = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareChoice:
    """Hardware of the review: a price-book row, or the user's own price.

    Attributes:
        profile: Id of a price-book row, or ``this-computer``.
        device_count: Devices that train together.
        rent_per_gpu_hour: The user's own price instead of the row's.
    """

    profile: str = "this-computer"
    device_count: int = 1
    rent_per_gpu_hour: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Limits that stop work; None is no limit."""

    pilot_device_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Everything that is fixed before the first run.

    Attributes:
        rate_multipliers: Factors on the whole rate curve, tried for every schedule on the
            selection seeds; ``(1,)`` is no sweep.
        looks: Times the confirmation may be judged, 1 to 3; more looks ask for more confidence.
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
    divergence: Divergence = Divergence()
    looks: int = 2
    schedules: tuple[Schedule, ...]
    hardware: HardwareChoice = HardwareChoice()
    production: Production | None = None
    caps: Caps = Caps()
    assumptions: Assumptions = field(default_factory=Assumptions)
