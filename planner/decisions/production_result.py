"""A training in production under the adopted schedule, as somebody entered it."""

from dataclasses import dataclass

from planner.bounds import check_not_negative, check_positive
from planner.money import Money, require_day
from planner.refusal import require

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
        note: Anything worth knowing.
    """

    day: str
    training_h: float
    device_h: float | None = None
    cost: Money | None = None
    reached: bool = True
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
