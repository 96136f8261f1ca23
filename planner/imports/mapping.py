"""Which column of a log says what; units are told by whoever knows them, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from planner.bounds import check_at_least, check_name
from planner.refusal import require

LogShape = Literal["wide", "long"]
"""A column a metric, or a column of names beside a column of values."""

ElapsedUnit = Literal["milliseconds", "seconds", "minutes", "hours", "days"]
TimestampForm = Literal["iso8601", "unix_seconds", "unix_milliseconds"]
EpochMeaning = Literal["done", "index"]
"""Epochs that are done at a row, or the zero-based number of the epoch that ends with it."""

BatchMeaning = Literal["global", "per_device"]
PauseRule = Literal["count", "leave_out"]
"""What a long silence between two timestamps is: training, or the wait for a restart."""

RepeatRule = Literal["refuse", "last"]
"""What counts where two rows of one run and step contradict each other."""

SECONDS: Mapping[ElapsedUnit, float] = {
    "milliseconds": 1e-3,
    "seconds": 1.0,
    "minutes": 60.0,
    "hours": 3600.0,
    "days": 86400.0,
}

MOST_METRICS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ElapsedColumn:
    """Time since the start of training.

    Attributes:
        column: Where it stands.
        unit: Of its numbers; None until somebody says it.
    """

    column: str
    unit: ElapsedUnit | None = None

    def __post_init__(self) -> None:
        check_name(self.column, "column")
        require(self.unit is None or self.unit in SECONDS, "unit", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampColumn:
    """Time of day of a row; seconds of training are counted from the first row's.

    Attributes:
        column: Where it stands.
        form: How it is written; None until somebody says it.
        time_zone: Of times without an offset, such as ``Asia/Tokyo``; None until somebody says it.
        pauses: What silences of a restart are; None until somebody says it, where there are any.
    """

    column: str
    form: TimestampForm | None = None
    time_zone: str | None = None
    pauses: PauseRule | None = None

    def __post_init__(self) -> None:
        check_name(self.column, "column")
        known = self.form is None or self.form in get_args(TimestampForm)
        require(known, "form", "choice_unknown")
        known = self.pauses is None or self.pauses in get_args(PauseRule)
        require(known, "pauses", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochColumn:
    """Epochs, which are steps once the training samples and the batch are known.

    Attributes:
        column: Where they stand.
        meaning: What the number of a row counts; None until somebody says it.
    """

    column: str
    meaning: EpochMeaning | None = None

    def __post_init__(self) -> None:
        check_name(self.column, "column")
        known = self.meaning is None or self.meaning in get_args(EpochMeaning)
        require(known, "meaning", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchColumn:
    """Samples of a step.

    Attributes:
        column: Where they stand; None where no column says them.
        value: Samples of every step, where no column says them.
        meaning: Samples over all devices, or of one; None until somebody says it.
        device_count: Devices that each take the samples of one device.
    """

    column: str | None = None
    value: int | None = None
    meaning: BatchMeaning | None = None
    device_count: int | None = None

    def __post_init__(self) -> None:
        require((self.column is None) != (self.value is None), "column", "import_batch_said_once")
        if self.column is not None:
            check_name(self.column, "column")
        if self.value is not None:
            check_at_least(self.value, 1, "value")
        known = self.meaning is None or self.meaning in get_args(BatchMeaning)
        require(known, "meaning", "choice_unknown")
        if self.device_count is not None:
            check_at_least(self.device_count, 1, "device_count")
            require(self.meaning != "global", "device_count", "import_devices_of_global_batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What the columns of a log say.

    A name is a column's. In a long log it may also be one that its column of names holds, and in
    a tracker's it may be a metric's, or with ``param.``, ``config.`` or ``tag.`` before it what
    holds for the whole run.

    Attributes:
        shape: How the log is laid out.
        name: Column of names, in a long log.
        value: Column of values, in a long log.
        run: Whose rows are one run; None where the file holds a single one.
        schedule: What a run trained under; None: a schedule for every run, by the run's name.
        seed: Seed of a run.
        step: Steps done.
        epoch: In place of steps.
        samples: Samples seen, in place of steps.
        elapsed: Seconds of training.
        timestamp: In place of elapsed time.
        without_time: Whether somebody says that the log has no times: then neither time nor
            money is stated of its runs.
        learning_rate: Rate of a row's step.
        batch_size: Samples of a row's step.
        momentum: Beta of a row's step.
        metrics: Columns by the name that a metric is to have.
        training_samples: Samples of one epoch, which epochs become steps with.
        schedules: Schedules by run, in place of what a column says.
        seeds: Seeds by run, in place of what a column says.
        repeats: What counts where rows contradict each other.
    """

    shape: LogShape = "wide"
    name: str | None = None
    value: str | None = None
    run: str | None = None
    schedule: str | None = None
    seed: str | None = None
    step: str | None = None
    epoch: EpochColumn | None = None
    samples: str | None = None
    elapsed: ElapsedColumn | None = None
    timestamp: TimestampColumn | None = None
    without_time: bool = False
    learning_rate: str | None = None
    batch_size: BatchColumn | None = None
    momentum: str | None = None
    metrics: Mapping[str, str] = field(default_factory=dict)
    training_samples: int | None = None
    schedules: Mapping[str, str] = field(default_factory=dict)
    seeds: Mapping[str, int] = field(default_factory=dict)
    repeats: RepeatRule = "refuse"

    def __post_init__(self) -> None:
        require(self.shape in get_args(LogShape), "shape", "choice_unknown")
        require(self.repeats in get_args(RepeatRule), "repeats", "choice_unknown")
        for part in ("name", "value"):
            given = getattr(self, part) is not None
            require(given == (self.shape == "long"), part, "import_names_of_long_log")
        for role in ("run", "schedule", "seed", "step", "samples", "learning_rate", "momentum"):
            if getattr(self, role) is not None:
                check_name(getattr(self, role), role)
        untimed = self.elapsed is None and self.timestamp is None
        require(untimed or not self.without_time, "without_time", "import_time_said_too")
        if self.training_samples is not None:
            check_at_least(self.training_samples, 1, "training_samples")
        few = len(self.metrics) <= MOST_METRICS
        require(few, "metrics", "import_too_many_metrics", most=MOST_METRICS)
        for metric, column in self.metrics.items():
            check_name(metric, "metrics")
            check_name(column, f"metrics.{metric}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every name that is used, each once, in the order of the roles."""
        parts = (self.epoch, self.elapsed, self.timestamp, self.batch_size)
        named = (
            *(self.name, self.value, self.run, self.schedule, self.seed, self.step, self.samples),
            *(part.column for part in parts if part is not None),
            *(self.learning_rate, self.momentum, *self.metrics.values()),
        )
        return tuple(dict.fromkeys(name for name in named if name is not None))

    @property
    def place_column(self) -> str:
        """The column that says where in the training a row stands; empty if none does."""
        if self.step is not None:
            return self.step
        if self.epoch is not None:
            return self.epoch.column
        return self.samples or ""

    @property
    def time_columns(self) -> tuple[str, ...]:
        """Columns of elapsed time and of times of day."""
        parts = (self.elapsed, self.timestamp)
        return tuple(part.column for part in parts if part is not None)
