"""What a review is a function of, and how the API is asked for one."""

from dataclasses import dataclass

from planner.assumptions import Assumptions, Production
from planner.batch_plan import MicroBatchPlan
from planner.bounds import check_at_least
from planner.measurement import RunRecord
from planner.money import Money
from planner.pilot import HardwareChoice, Pilot
from planner.rates import HardwareProfile, RateCard
from planner.refusal import require
from planner.selection import Selection
from planner.throughput import ThroughputCurve
from planner.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewInput:
    """Everything that a review is a function of.

    Attributes:
        pilot: What was fixed before the first run.
        workload: Sizes of the data.
        records: Every run so far; those that have not ended are left out of every figure.
        selection: What the selection froze; None before its end.
        throughput: Curve of the device that the runs were measured on.
        micro_batch_plan: How every batch was executed.
        hardware: Hardware that the review is computed for.
        pilot_rate: Rate card of the device that the pilot ran on.
        production: The training that the pilot stands for; None: the pilot is the training.
        assumptions: What was not measured.
        look: Number of this look at the confirmation, from 1.
    """

    pilot: Pilot
    workload: Workload
    records: tuple[RunRecord, ...]
    selection: Selection | None
    throughput: ThroughputCurve
    micro_batch_plan: MicroBatchPlan
    hardware: HardwareProfile
    pilot_rate: RateCard
    production: Production | None
    assumptions: Assumptions
    look: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotEvidence:
    """A pilot with its measurements, brought along instead of stored in the database.

    Attributes:
        selection: What the selection froze; None before its end, or without one.
        micro_batch_plan: How every batch was executed.
    """

    pilot: Pilot
    records: tuple[RunRecord, ...]
    throughput: ThroughputCurve
    micro_batch_plan: MicroBatchPlan
    selection: Selection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """Asks for the review of one pilot; whatever is None is as the pilot says.

    Attributes:
        pilot_id: A stored pilot.
        evidence: Or one that is brought along; exactly one of the two.
        hardware: Other hardware, or another price.
        production: Another training that the pilot stands for.
        assumptions: Other assumptions, all of them.
        pilot_rate_per_device_h: Price of the computer that the pilot ran on; nothing by default.
        look: Number of the look, for evidence that is brought along.
    """

    pilot_id: str | None = None
    evidence: PilotEvidence | None = None
    hardware: HardwareChoice | None = None
    production: Production | None = None
    assumptions: Assumptions | None = None
    pilot_rate_per_device_h: Money | None = None
    look: int | None = None

    def __post_init__(self) -> None:
        one = (self.pilot_id is None) != (self.evidence is None)
        require(one, "pilot_id", "one_of_pilot_and_evidence")
        if self.look is not None:
            check_at_least(self.look, 1, "look")
