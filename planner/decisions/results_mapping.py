"""What a file of production trainings says; units are told by whoever knows them, never guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from planner.bounds import check_at_least, check_name
from planner.imports.mapping import ColumnMapping, ElapsedColumn, TimestampColumn
from planner.imports.questions import Question, unanswered
from planner.money import require_currency, require_day
from planner.refusal import Refusal, require

ScheduleUse = Literal["candidate", "baseline", "leave_out"]
"""What a schedule of a file is in the pilot; trainings of the last kind are not taken."""

EarlierRule = Literal["refuse", "leave_out"]
"""What becomes of trainings that ended before the sign-off."""

EndMeaning = Literal["reached", "missed"]
"""What a run is taken for whose log does not say how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostColumn:
    """What the devices of a training cost.

    Attributes:
        column: Where it stands; where a cell is empty, device-hours count.
        currency: Of its numbers; None until somebody says it.
    """

    column: str
    currency: str | None = None

    def __post_init__(self) -> None:
        check_name(self.column, "column")
        if self.currency is not None:
            require_currency(self.currency, "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingColumns:
    """A table of one row a training.

    Attributes:
        schedule: Column of schedules.
        started: When a training began.
        duration: How long it took.
        reached: Column that says whether it reached its quality: yes or no.
        devices: Column of the number of devices; None where all used the same number.
        device_count: That number, where no column says it.
        cost: None where device-hours are priced as promised.
        id: Column that names a training, also in another file; None without one.
    """

    schedule: str
    started: TimestampColumn
    duration: ElapsedColumn
    reached: str
    devices: str | None = None
    device_count: int | None = None
    cost: CostColumn | None = None
    id: str | None = None

    def __post_init__(self) -> None:
        check_name(self.schedule, "schedule")
        check_name(self.reached, "reached")
        require(
            (self.devices is None) != (self.device_count is None),
            "devices",
            "results_devices_said_once",
        )
        if self.devices is not None:
            check_name(self.devices, "devices")
        if self.device_count is not None:
            check_at_least(self.device_count, 1, "device_count")
        if self.id is not None:
            check_name(self.id, "id")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        named = (self.schedule, self.started.column, self.duration.column, self.reached)
        cost = None if self.cost is None else self.cost.column
        return tuple(dict.fromkeys(filter(None, (*named, self.devices, cost, self.id))))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLogs:
    """A log of runs: each run is a training, as long as its log says.

    A run that failed or diverged did not reach its quality. The day on which it ended is that of
    its last time of day, where the log has one.

    Attributes:
        log: What the columns are.
        device_count: Devices that trained each run.
        day: ISO date on which the runs ended, where their log has no time of day.
        unknown_ends: None until somebody says it, where a log does not say how a run ended.
    """

    log: ColumnMapping
    device_count: int
    day: str | None = None
    unknown_ends: EndMeaning | None = None

    def __post_init__(self) -> None:
        check_at_least(self.device_count, 1, "device_count")
        if self.day is not None:
            require_day(self.day, "day")
        known = self.unknown_ends is None or self.unknown_ends in get_args(EndMeaning)
        require(known, "unknown_ends", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsMapping:
    """What a file says, as a table of trainings or as a log of runs.

    Attributes:
        trainings: Of a table with one row a training.
        runs: Of a log.
        schedules: What each of its schedules is; one that has the name of the adopted candidate
            or of the baseline is that without being named here.
        earlier: What becomes of trainings that ended before the sign-off.
    """

    trainings: TrainingColumns | None = None
    runs: RunLogs | None = None
    schedules: Mapping[str, ScheduleUse] = field(default_factory=dict)
    earlier: EarlierRule = "refuse"

    def __post_init__(self) -> None:
        require(
            (self.trainings is None) != (self.runs is None), "trainings", "results_kind_said_once"
        )
        require(self.earlier in get_args(EarlierRule), "earlier", "choice_unknown")
        for name, use in self.schedules.items():
            require(use in get_args(ScheduleUse), f"schedules.{name}", "choice_unknown")

    @property
    def columns(self) -> Mapping[str, str]:
        """Column of the file by the field of a result that it becomes, where one does."""
        if self.runs is not None:
            return {"schedule": self.runs.log.schedule or ""}
        if self.trainings is None:
            return {}
        table = self.trainings
        return {
            "schedule": table.schedule,
            "day": table.started.column,
            "training_h": table.duration.column,
            "device_h": table.devices or "",
            "cost": table.cost.column if table.cost else "",
            "name": table.id or "",
        }


def open_questions(mapping: ResultsMapping) -> tuple[Question, ...]:
    """Every question that a mapping leaves open, whatever the rows say."""
    if mapping.runs is not None:
        return unanswered(mapping.runs.log)
    return tuple(
        Question(
            field=one.field,
            code=one.code,
            params={name: str(value) for name, value in one.params.items()},
        )
        for one in (_open(mapping.trainings) if mapping.trainings else ())
    )


def _open(table: TrainingColumns) -> Iterator[Refusal]:
    started, duration, cost = table.started, table.duration, table.cost
    if started.form is None:
        yield Refusal("started.form", "import_time_form_missing", column=started.column)
    if duration.unit is None:
        yield Refusal("duration.unit", "import_time_unit_missing", column=duration.column)
    if cost is not None and cost.currency is None:
        yield Refusal("cost.currency", "results_currency_missing", column=cost.column)
