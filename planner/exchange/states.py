"""What the API tells people and programs about pilots, runs, workers and series."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from planner.bounds import check_at_least, check_at_most
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.work import Device, SeriesGroup
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.caps import LIMIT_FIELDS, Caps, Limits
from planner.pilots.imported import Imported
from planner.pilots.pilot import Pilot, PilotPhase
from planner.pilots.run import Run, RunStatus
from planner.pilots.workload import Workload
from planner.refusal import require

Item = TypeVar("Item")

LONGEST_REASON = 500
HIGHEST_PRIORITY = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotRequest:
    """A pilot to be started.

    Attributes:
        throughput: Measured before, on the device that will train; None takes a curve that is
            known and still holds, or lets a probe measure one.
        measure_again: Whether a probe measures it though a known curve would do.
    """

    pilot: Pilot
    throughput: ThroughputCurve | None = None
    measure_again: bool = False

    def __post_init__(self) -> None:
        if self.throughput is not None:
            require(
                self.throughput.workload == self.pilot.workload,
                "throughput.workload",
                "throughput_of_other_workload",
                workload=self.throughput.workload,
            )
            require(
                self.throughput.dtype == self.pilot.precision,
                "throughput.dtype",
                "throughput_of_other_dtype",
                wanted=self.pilot.precision,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotState:
    """A pilot and where it stands.

    Attributes:
        measured_on: Name of the device that all its runs use; None until the first claim.
        throughput: Curve its times are composed with; None while it is being measured.
        micro_batch_plan: Fixed with the curve, before the first training.
        selected: Rate multiplier frozen for each schedule; empty before the end of selection.
        finalists: Names of the candidates that are confirmed, beside the baseline.
        run_counts: Number of runs by status; a status without runs is absent.
        looks_used: How often the confirmation was judged.
        cap_reached: Whether the pilot used up its cap; queued runs wait until it is raised.
        imported: Where its runs come from; None where they are measured here.
        scaling: Steps on several devices that its times are composed with; None without any.
    """

    id: str
    pilot: Pilot
    phase: PilotPhase
    created_at: datetime
    measured_on: str | None
    throughput: ThroughputCurve | None
    micro_batch_plan: MicroBatchPlan | None
    selected: dict[str, float]
    finalists: tuple[str, ...]
    run_counts: dict[RunStatus, int]
    looks_used: int
    cap_reached: bool = False
    imported: Imported | None = None
    scaling: ScalingCurve | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run and where it stands.

    Attributes:
        attempt: Number of executions that were started.
        step: Steps done, as last reported.
        steps_planned: Steps of the whole run; None for a probe.
        queue_position: Counts from 1 for the run that is claimed next; None unless queued.
        reason: Message key that says why it is where it is; empty when nothing needs saying.
        detail: Last lines of a traceback, or what somebody wrote who stopped it.
        worker: Name of the worker that holds or held it.
        wall_clock_s: Seconds of all its attempts; None before the first report. In a bundle, its
            share of them.
        bundle_size: Runs that its newest attempt is trained together with, itself included.
        device_count: Devices that train it, or that its next attempt wants.
    """

    id: str
    pilot_id: str
    run: Run
    status: RunStatus
    priority: int
    attempt: int
    step: int
    steps_planned: int | None
    queue_position: int | None
    reason: str
    detail: str
    worker: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    wall_clock_s: float | None
    bundle_size: int = 1
    device_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """Why somebody cancels, pauses, resumes or retries a run or a pilot."""

    reason: str = ""

    def __post_init__(self) -> None:
        check_reason(self.reason)


def check_reason(reason: str) -> None:
    """Refuses a reason that is longer than a page can show."""
    require(len(reason) <= LONGEST_REASON, "reason", "too_long", most=LONGEST_REASON)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPriority:
    """Higher priorities are claimed first; equal ones by age."""

    priority: int

    def __post_init__(self) -> None:
        check_at_least(self.priority, -HIGHEST_PRIORITY, "priority")
        check_at_most(self.priority, HIGHEST_PRIORITY, "priority")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRaise:
    """Higher limits for a pilot; its capped runs are queued again. None leaves a cap as it is."""

    pilot_device_h: float | None = None
    pilot_energy_kwh: float | None = None
    pilot_money: Money | None = None
    run_device_h: float | None = None
    run_energy_kwh: float | None = None
    run_money: Money | None = None

    def __post_init__(self) -> None:
        Caps(**self.limits)
        require(bool(self.limits), "pilot_device_h", "cap_missing")

    @property
    def limits(self) -> dict[str, Any]:
        """The caps that are raised, by name."""
        given = {name: getattr(self, name) for name in LIMIT_FIELDS}
        return {name: limit for name, limit in given.items() if limit is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCaps:
    """What the installation may use in a calendar month in UTC, and what it has used.

    Attributes:
        uses: With what is expected once every pilot that is not over has ended, as if they all
            ended this month.
        pilots_unknown: Pilots that the forecast leaves out: they still measure their device.
    """

    limits: Limits
    uses: tuple[CapUse, ...]
    pilots_unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCapsChange:
    """One change of the caps of the installation."""

    at: datetime
    by: str
    before: Limits
    after: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """A worker, as last seen.

    Attributes:
        seen_ago_s: Seconds since its last claim or beat; None if not since the API started.
        run_ids: Runs that it holds.
        disk_full: Whether its disk is full, so that it claims nothing.
        store_away: Whether its store does not answer, so that it claims nothing.
        store_url: Where it keeps checkpoints; empty for nobody in particular.
        samples_per_s: Highest measured speed of one such device; None where nothing was measured.
        device_count: Its devices, which can train one run together.
    """

    id: str
    name: str
    device: Device
    versions: str
    workloads: tuple[str, ...]
    seen_ago_s: float | None
    run_ids: tuple[str, ...]
    disk_full: bool = False
    store_away: bool = False
    store_url: str = ""
    samples_per_s: float | None = None
    device_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadState:
    """A workload and the names of the workers that can train it now."""

    workload: Workload
    served_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One group of a run's series, down-sampled so that no spike is lost.

    Attributes:
        group: What a point is: a step or an evaluation.
        steps: Steps done at each point, rising.
        columns: Values by name, each as long as ``steps``; None where not finite.
        attempts: Number of the attempt behind each point.
        total_points: Points before down-sampling.
    """

    group: SeriesGroup
    steps: tuple[int, ...]
    columns: dict[str, tuple[float | None, ...]]
    attempts: tuple[int, ...]
    total_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Part of a list; ``page`` counts from 1."""

    items: tuple[Item, ...]
    page: int
    page_size: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The API answers, and this is its version.

    Attributes:
        sign_in_url: Where a browser signs in with the provider of the team; None without one.
    """

    version: str
    status: str = "ok"
    sign_in_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Work may be sent here; a refusal stands in its place while it may not."""

    ready: bool = True
