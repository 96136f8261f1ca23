"""Everything that a report is made of; the same facts make the same file, byte by byte."""

from dataclasses import dataclass

from planner.money import require_day
from planner.refusal import require
from planner.reviews.review import Review
from planner.reviews.rollback_procedure import RollbackProcedure
from planner.reviews.schedule_review import ScheduleReview


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """A review as it is taken to a meeting, and what names the data behind it.

    Attributes:
        review: The whole review.
        schedule: The candidate that the report is about.
        procedure: How it is watched in production and taken back.
        reported_on: ISO day that the report carries; given, so that no clock is read.
        data_sha256: Of the canonical JSON of everything measured.
        assumptions_sha256: Of the canonical JSON of everything else that the review follows from:
            assumptions, price, production, other hardware, look, the rate of the pilot's device.
        code_version: Of the program that computed the review.
        pilot_id: The stored pilot; None for one that was brought along.
    """

    review: Review
    schedule: str
    procedure: RollbackProcedure
    reported_on: str
    data_sha256: str
    assumptions_sha256: str
    code_version: str
    pilot_id: str | None = None

    def __post_init__(self) -> None:
        require_day(self.reported_on, "reported_on")
        names = [found.schedule for found in self.review.schedules if found.role == "candidate"]
        require(self.schedule in names, "schedule", "schedule_not_in_pilot", schedule=self.schedule)
        if self.procedure.recommended.schedule != self.schedule:
            raise AssertionError("the procedure takes back what the report is about")

    @property
    def reviewed(self) -> ScheduleReview:
        """The candidate that the report is about."""
        return next(one for one in self.review.schedules if one.schedule == self.schedule)

    @property
    def baseline(self) -> ScheduleReview:
        """What the team runs today."""
        return next(one for one in self.review.schedules if one.role == "baseline")
