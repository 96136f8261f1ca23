"""What a report is written from, for a stored pilot as for one that was brought along."""

from backend.reports.report_facts import report_facts
from backend.reports.report_source import ReportSource
from backend.services.rollback_procedures import procedure_of
from planner.exchange.report_files import ReportRecord, evidence_in
from planner.reviews.review import make_review
from planner.reviews.review_input import ReviewInput, ReviewRequest


def source_of(
    given: ReviewInput,
    *,
    schedule: str | None,
    reported_on: str,
    pilot_id: str | None = None,
    request: ReviewRequest | None = None,
) -> ReportSource:
    """The source of every file about one candidate.

    Args:
        given: Measurements, prices and assumptions.
        schedule: The candidate; None for the one that the verdict is on.
        reported_on: ISO day that the report carries.
        pilot_id: Of a stored pilot.
        request: What was asked for beyond the pilot's own terms.

    Raises:
        Refusal: The schedule is no candidate of the pilot.
    """
    review = make_review(given)
    facts = report_facts(
        given,
        review,
        procedure_of(evidence_in(given), review, schedule=schedule),
        reported_on=reported_on,
        schedule=schedule,
        pilot_id=pilot_id,
    )
    return ReportSource(facts=facts, given=given, request=request)


def source_in(record: ReportRecord) -> ReportSource:
    """The source of every file about what a record tells, to be written again."""
    return source_of(
        record.given,
        schedule=record.schedule,
        reported_on=record.reported_on,
        pilot_id=record.pilot_id,
        request=record.request,
    )
