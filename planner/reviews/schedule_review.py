"""One schedule in a review: what it measured, and what that is worth."""

from dataclasses import dataclass

from planner.chart import Chart
from planner.economics.business_case import BusinessCase, TrainingFacts
from planner.economics.energy import EnergyUse
from planner.money import Money
from planner.pilots.run import Purpose
from planner.projections.transfer import StageSamples
from planner.reviews.comparison import Comparison
from planner.reviews.measured import Measured
from planner.reviews.verdict import VerdictFacts
from planner.schedules.schedule import Role, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleReview:
    """One schedule; its measured part depends on no price and no assumption.

    Attributes:
        schedule: Its name.
        role: Whether it is what the team runs today.
        rate_multiplier: Factor on its whole rate curve, as selected.
        rate_at_edge: Whether that was the smallest or largest factor tried: widen the grid.
        seeds_from: Purpose of the seeds it is judged on; selection seeds allow no claim.
        complete: Whether every planned run on these seeds has ended.
        work: What its planned run asks for.
        measured: What its runs measured.
        comparison: Against the baseline; None for the baseline itself.
        pilot_device_h: Device-hours of all its runs so far, the sweep and repeated work included.
        pilot_cost: The same at the rate of the device that the pilot ran on.
        training: One training on the review's hardware; None where its time is not known.
        stages_to_target: Batches and samples of that training to the target, for a projection;
            empty where a run never reached it, or the production's speed is not known.
        case: What replacing the baseline is worth; None where that cannot be computed.
        verdict: None for the baseline.
        energy: Electricity and carbon of that one training; None where PUE, grid factor or the
            power of a device is not known.
        charts: That are about this schedule alone, without a word of prose.
    """

    schedule: str
    role: Role
    rate_multiplier: float
    rate_at_edge: bool
    seeds_from: Purpose
    complete: bool
    work: Work
    measured: Measured
    comparison: Comparison | None
    pilot_device_h: float
    pilot_cost: Money
    training: TrainingFacts | None
    stages_to_target: tuple[StageSamples, ...]
    case: BusinessCase | None
    verdict: VerdictFacts | None
    charts: tuple[Chart, ...] = ()
    energy: EnergyUse | None = None
