"""What every report file is written from: the facts of a report, and what its review is made of."""

from dataclasses import dataclass

from planner.exchange.reports import ReportFacts
from planner.reviews.review_input import ReviewInput, ReviewRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSource:
    """Everything that any renderer asks for; the same source gives the same bytes.

    Attributes:
        facts: What people read.
        given: What the review in the facts was computed from.
        request: What was asked for beyond the pilot's own terms.
    """

    facts: ReportFacts
    given: ReviewInput
    request: ReviewRequest | None = None
