"""What a review is a function of, and how the API is asked for one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from planner.bounds import check_at_least, check_at_most, check_unique
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.communication import ComposedCommunication, composed_communication
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions, Production
from planner.economics.rates import HardwareProfile, RateCard
from planner.measurements.measurement import RunRecord
from planner.money import Money, require_day
from planner.pilots.executed import fallen_at, rollbacks_of, taken_up
from planner.pilots.imported import Imported
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.pilots.run import Run
from planner.pilots.workload import BUILT_IN, Workload
from planner.projections.device_speed import TypedPoint, typed_speed
from planner.refusal import require
from planner.reviews.selection import Selection
from planner.schedules.schedule import plan_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewInput:
    """Everything that a review is a function of.

    Attributes:
        pilot: What was fixed before the first run.
        workload: Sizes of the data.
        records: Every run so far; those that have not ended are left out of every figure.
        selection: What the selection froze; None before its end.
        throughput: Curve of the device that the runs were measured on.
        scaling: What was measured on several such devices; None where nothing was.
        micro_batch_plan: How every batch was executed.
        hardware: Hardware that the review is computed for.
        pilot_rate: Rate card of the device that the pilot ran on.
        production: The training that the pilot stands for; None: the pilot is the training.
        assumptions: What was not measured.
        look: Number of this look at the confirmation, from 1.
        home: Hardware that the pilot names, on which a production training takes its hours; None:
            the review's.
        compared: Other hardware, to be set side by side.
        imported: Where the runs come from; None where they were measured here.
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
    home: HardwareProfile | None = None
    compared: tuple[HardwareProfile, ...] = ()
    imported: Imported | None = None
    scaling: ScalingCurve | None = None

    @property
    def measured_on(self) -> str:
        """Device, dtype and versions behind every measured number."""
        if self.imported is not None:
            return f"{self.imported.device_count} \u00d7 {self.imported.device}"
        curve = self.throughput
        return f"{curve.device}, {curve.dtype}, {curve.versions}"

    @property
    def device_count(self) -> int:
        """Devices of the training that is priced."""
        return self.production.device_count if self.production else self.hardware.device_count

    @property
    def communication(self) -> ComposedCommunication | None:
        """Whether composed times hold what devices say to each other; None for one device."""
        return composed_communication(
            self.scaling, (count for one in self.pilot.devices for count in one.counts)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotEvidence:
    """A pilot with its measurements, brought along instead of stored in the database.

    Attributes:
        selection: What the selection froze; None before its end, or without one.
        micro_batch_plan: How every batch was executed.
        workload: Facts of the pilot's workload; None for one that every installation knows.
        imported: Where its runs come from; None where they were measured by Paybatch.
        scaling: What was measured on several such devices; None where nothing was.
    """

    pilot: Pilot
    records: tuple[RunRecord, ...]
    throughput: ThroughputCurve
    micro_batch_plan: MicroBatchPlan
    selection: Selection | None = None
    workload: Workload | None = None
    imported: Imported | None = None
    scaling: ScalingCurve | None = None

    def __post_init__(self) -> None:
        if self.workload is not None:
            _check_carried(self.workload, self.pilot)
        _check_measured(self.throughput, self.scaling, self.pilot)
        names = {schedule.name for schedule in self.pilot.schedules}
        for place, record in enumerate(self.records):
            if record.run.schedule is not None:
                _check_known(record.run.schedule, names, f"records[{place}].run.schedule")
            _check_fall_back(record, self.pilot.baseline.name, f"records[{place}]")
        check_unique([record.run_id for record in self.records], "records[{}]", "run_repeated")
        runs = [_identity(record.run) for record in self.records]
        check_unique(runs, "records[{}].run", "run_repeated")
        for place, record in enumerate(self.records if self.imported is not None else ()):
            require(record.is_logged, f"records[{place}].measurements", "import_run_without_time")
        if self.selection is not None:
            for name in sorted(names):
                chosen = name in self.selection.selected
                require(chosen, "selection.selected", "schedule_not_selected", schedule=name)
            for place, name in enumerate(self.selection.finalists):
                _check_known(name, names, f"selection.finalists[{place}]")

    def facts(self, known: Mapping[str, Workload] = BUILT_IN) -> Workload | None:
        """The workload as the evidence carries it, else as it is known; None if nobody knows it."""
        return self.workload or known.get(self.pilot.workload)


def check_steps(evidence: PilotEvidence, workload: Workload) -> None:
    """Refuses what was measured or executed beyond the end of its run, as under another pilot."""
    tables = {
        schedule.name: plan_steps(
            schedule,
            training_samples=workload.training_samples,
            epochs=evidence.pilot.budget.epochs,
        )
        for schedule in evidence.pilot.schedules
    }
    baseline = tables[evidence.pilot.baseline.name]
    for place, record in enumerate(evidence.records):
        if record.run.schedule is None:
            continue
        field, own = f"records[{place}]", tables[record.run.schedule]
        planned = own.steps
        left_at = fallen_at(rollbacks_of(record.attempts))
        if left_at is not None:
            require(left_at <= planned, field, "measured_beyond_plan", planned=planned)
            planned = taken_up(own, baseline, at_step=left_at).steps
        done = [measurement.step for measurement in record.measurements]
        for attempt in record.attempts:
            within = attempt.to_step <= (planned if attempt.follows else own.steps)
            require(within, field, "measured_beyond_plan", planned=planned)
        require(max(done, default=0) <= planned, field, "measured_beyond_plan", planned=planned)


def _check_carried(workload: Workload, pilot: Pilot) -> None:
    """What evidence carries is about its pilot's workload, and no built-in one made different."""
    same = workload.name == pilot.workload
    require(same, "workload.name", "evidence_of_other_workload", workload=workload.name)
    built_in = BUILT_IN.get(workload.name, workload)
    require(workload == built_in, "workload", "workload_is_built_in", workload=workload.name)


def _check_measured(curve: ThroughputCurve, scaling: ScalingCurve | None, pilot: Pilot) -> None:
    """The curve is of the pilot's workload, and several devices are of the kind of its one."""
    require(
        curve.workload == pilot.workload,
        "throughput.workload",
        "throughput_of_other_workload",
        workload=curve.workload,
    )
    for name in () if scaling is None else ("workload", "device", "dtype"):
        same = getattr(scaling, name) == getattr(curve, name)
        require(same, f"scaling.{name}", "scaling_of_other_device")


def _identity(run: Run) -> str:
    return f"{run.schedule} {run.rate_multiplier} {run.seed} {run.purpose}"


def _check_fall_back(record: RunRecord, baseline: str, field: str) -> None:
    """Refuses a run that follows anything but the baseline, or that came back from it."""
    fell_back = False
    for place, attempt in enumerate(record.attempts):
        at = f"{field}.attempts[{place}].follows"
        require(attempt.follows in (None, baseline), at, "fall_back_not_baseline")
        require(not fell_back or attempt.follows is not None, at, "fall_back_left_again")
        begins = attempt.follows is not None and not fell_back
        require(not begins or attempt.cause == "fall_back", at, "fall_back_without_cause")
        fell_back = attempt.follows is not None


def _check_known(name: str, names: Collection[str], field: str) -> None:
    require(name in names, field, "schedule_not_in_pilot", schedule=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedHardware:
    """One kind of hardware among several that a review sets side by side.

    Attributes:
        hardware: Row of the price book, and how many devices.
        typed_points: Two step times of one device, where nobody measured its curve.
    """

    hardware: HardwareChoice
    typed_points: tuple[TypedPoint, ...] = ()

    def __post_init__(self) -> None:
        if self.typed_points:
            typed_speed(self.typed_points, device=self.hardware.profile)


MOST_COMPARED = 20
"""Kinds of hardware that one review sets side by side."""


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
        compared_hardware: Kinds of hardware to be set side by side.
        price_day: ISO date whose prices and exchange rates are used; None for the newest.
    """

    pilot_id: str | None = None
    evidence: PilotEvidence | None = None
    hardware: HardwareChoice | None = None
    production: Production | None = None
    assumptions: Assumptions | None = None
    pilot_rate_per_device_h: Money | None = None
    look: int | None = None
    price_day: str | None = None
    compared_hardware: tuple[ComparedHardware, ...] = ()

    def __post_init__(self) -> None:
        compared = len(self.compared_hardware)
        check_at_most(compared, MOST_COMPARED, "compared_hardware")
        one = (self.pilot_id is None) != (self.evidence is None)
        require(one, "pilot_id", "one_of_pilot_and_evidence")
        if self.look is not None:
            check_at_least(self.look, 1, "look")
        if self.price_day is not None:
            require_day(self.price_day, "price_day")
