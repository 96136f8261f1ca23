"""What can be said of a pilot before it is started, as values."""

from dataclasses import dataclass
from datetime import datetime

from planner.economics.investment import Investment
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.pilot import Pilot
from planner.reviews.pace import Unavailable
from planner.schedules.schedule import Role, Stage, Work
from planner.schedules.theory import TheoryFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """Asks what a pilot would cost and take; nothing is stored.

    Attributes:
        pilot_rate_per_device_h: Price of the computer that would run it; None where nobody
            stated one.
        measure_again: Whether it measures the throughput itself, though a known curve would do.
    """

    pilot: Pilot
    pilot_rate_per_device_h: Money | None = None
    measure_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWarning:
    """Something that is allowed and probably not meant.

    Attributes:
        field: Path within the pilot, such as ``schedules[0].batch_size``.
        code: Message key below ``warning.``.
        params: Values for the message's placeholders.
    """

    field: str
    code: str
    params: dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveUse:
    """The stored throughput curve that a plan's times are composed with.

    Attributes:
        number: Its name.
        versions: Versions of what it was measured with.
        age_s: Seconds since it was measured.
        reused: Whether the pilot uses it, too; else it measures its own first.
    """

    number: int
    device: str
    versions: str
    age_s: float
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """Number of runs that a pilot will need, by what they are for."""

    probe: int
    selection: int
    confirmation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A schedule as curves of at most 400 points; every array has one entry per point.

    Attributes:
        step: Zero-based step.
        epoch: Epochs seen before the step; fractional within an epoch.
        samples: Samples seen before the step.
        learning_rate: As the trainer's momentum form takes it.
        effective_learning_rate: What it amounts to with its momentum.
        batch_size: Planned samples of the step.
        time_s: Composed seconds of training before the step, evaluations apart; None where the
            speed of no fitting device is known.
    """

    step: tuple[int, ...]
    epoch: tuple[float, ...]
    samples: tuple[int, ...]
    learning_rate: tuple[float, ...]
    effective_learning_rate: tuple[float, ...]
    batch_size: tuple[int, ...]
    time_s: tuple[float, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePlan:
    """One schedule of a planned pilot.

    Attributes:
        run_time_s: Composed seconds of one run, evaluations included; None while the speed of
            the device is unknown.
        capped_at_data: Whether a batch larger than the data became full batch.
    """

    schedule: str
    role: Role
    work: Work
    stages: tuple[Stage, ...]
    capped_at_data: bool
    run_time_s: float | None
    theory: TheoryFacts
    preview: Preview
    warnings: tuple[PlanWarning, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What a pilot would cost and take, and what it must show to pay.

    Attributes:
        device: Device that the times are composed for; None where no curve is known.
        preview_device: Device that the seconds of the previews are composed for: one of the
            review's hardware where it was measured, else the pilot's; None where neither was.
        hardware_measured: Whether it is the review's hardware.
        curve: That curve, where it is kept; None where there is none.
        workers: Workers that can train it now; 0 where nobody takes some part of it.
        pilot_time_s: Seconds from its first run to its last on those workers, or on one where
            there is none; None while the speed of the device is unknown.
        pilot_device_h: Device-hours of all its runs.
        pilot_cost: The same at the stated price; None where none is stated.
        finish_at: After everything that is queued before it; None where no worker serves it.
        unavailable: Message key that says why no break-even can be stated; None where it is.
        break_even_time_ratio: Largest share of today's time that still pays; None where no
            speed-up does, or where it cannot be stated.
        investment: Everything that is paid once; None where it cannot be stated.
        warnings: Of the pilot as a whole; a schedule's own are with the schedule.
        caps: Every cap that may stop it, with what is expected of it.
    """

    run_counts: RunCounts
    schedules: tuple[SchedulePlan, ...]
    device: str | None
    preview_device: str | None
    hardware_measured: bool
    curve: CurveUse | None
    workers: int
    pilot_time_s: float | None
    pilot_device_h: float | None
    pilot_cost: Money | None
    finish_at: datetime | None
    unavailable: Unavailable | None
    break_even_time_ratio: float | None
    investment: Investment | None
    warnings: tuple[PlanWarning, ...]
    caps: tuple[CapUse, ...] = ()
