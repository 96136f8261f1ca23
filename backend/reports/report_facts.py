"""The facts of a report, from measurements at hand and their review."""

from backend import VERSION
from backend.wire.canonical import assumptions_sha256, data_sha256
from planner.exchange.report_files import evidence_in
from planner.exchange.reports import ReportFacts
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewInput
from planner.reviews.rollback_procedure import RollbackProcedure


def report_facts(
    given: ReviewInput,
    review: Review,
    procedure: RollbackProcedure,
    *,
    reported_on: str,
    schedule: str | None = None,
    pilot_id: str | None = None,
) -> ReportFacts:
    """What every file of a report is made of.

    Args:
        given: Measurements, prices and assumptions.
        review: Computed from them.
        procedure: How the schedule is taken back.
        reported_on: ISO day that the report carries.
        schedule: The candidate that it is about; None for the one that the verdict is on.
        pilot_id: Of a stored pilot.

    Raises:
        Refusal: The pilot has no such candidate.
    """
    return ReportFacts(
        review=review,
        schedule=schedule or review.verdict.schedule,
        procedure=procedure,
        reported_on=reported_on,
        data_sha256=data_sha256(evidence_in(given)),
        assumptions_sha256=assumptions_sha256(given, review),
        code_version=VERSION,
        pilot_id=pilot_id,
    )
