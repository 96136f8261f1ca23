"""A training in production, as somebody entered it or a file of theirs tells it."""

from dataclasses import dataclass

from planner.bounds import check_not_negative, check_positive
from planner.money import Money, require_day
from planner.refusal import require
from planner.schedules.schedule import Role

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionResult:
    """One production training.

    Attributes:
        day: ISO date on which it ended.
        training_h: Hours that it took.
        device_h: Device-hours that it was billed for; None where its cost is given instead.
        cost: What its devices cost; None where device-hours are given instead.
        reached: Whether it reached the target.
        role: What its schedule is in the pilot: the adopted candidate, or the baseline.
        note: Anything worth knowing.
    """

    day: str
    training_h: float
    device_h: float | None = None
    cost: Money | None = None
    reached: bool = True
    role: Role = "candidate"
    note: str = ""

    def __post_init__(self) -> None:
        require_day(self.day, "day")
        check_positive(self.training_h, "training_h")
        one = (self.device_h is None) != (self.cost is None)
        require(one, "device_h", "one_of_device_h_and_cost")
        if self.device_h is not None:
            check_positive(self.device_h, "device_h")
        if self.cost is not None:
            check_not_negative(self.cost.amount, "cost.amount")
        require(len(self.note) <= LONGEST_NOTE, "note", "too_long", most=LONGEST_NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultOrigin:
    """The row of a file, or the run of a log, that a result was taken from.

    Attributes:
        file_name: As whoever brought it calls the file.
        sha256: Of its bytes, hexadecimal.
        line: Of the row; None for a run of a log.
        name: Id of the row, or name of the run; empty where the table has no column of ids.
    """

    file_name: str
    sha256: str
    line: int | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResult(ProductionResult):
    """A result as it is stored.

    Attributes:
        origin: None for one that was entered by hand.
    """

    origin: ResultOrigin | None = None
