"""What people decide about a pilot over the API."""

from dataclasses import dataclass

from planner.bounds import check_at_least, check_at_most
from planner.exchange.states import check_reason
from planner.reviews.next_step import MOST_MORE_SEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsOrder:
    """More seeds for a finished pilot; judging them is another look.

    Attributes:
        seeds: How many; the API chooses those that follow the largest one used.
        reason: Why they are added.
    """

    seeds: int
    reason: str = ""

    def __post_init__(self) -> None:
        check_at_least(self.seeds, 1, "seeds")
        check_at_most(self.seeds, MOST_MORE_SEEDS, "seeds")
        check_reason(self.reason)
