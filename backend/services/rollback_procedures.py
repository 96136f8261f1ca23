"""The rollback procedure for production, filled with what a pilot measured; written nowhere."""

from collections.abc import Mapping

from backend.services import catalogue, reviews
from backend.unit_of_work import UnitOfWork
from planner.pilots.workload import BUILT_IN, Workload
from planner.refusal import Refusal
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence, ReviewRequest
from planner.reviews.rollback_procedure import RollbackProcedure, rollback_procedure


def of_pilot(work: UnitOfWork, pilot_id: str) -> RollbackProcedure:
    """The procedure of a stored pilot, at its own prices and assumptions.

    Raises:
        RequestError: There is no such pilot, or it has measured nothing yet.
    """
    request = ReviewRequest(pilot_id=pilot_id)
    evidence, look = reviews.evidence_of(work, request)
    known = catalogue.known(work)
    book = reviews.book_of(reviews.Shared(work), request, evidence.pilot)
    review = reviews.review_of(evidence, request, look=look, book=book, known=known)
    return procedure_of(evidence, review, known=known)


def procedure_of(
    evidence: PilotEvidence,
    review: Review,
    *,
    schedule: str | None = None,
    known: Mapping[str, Workload] = BUILT_IN,
) -> RollbackProcedure:
    """The procedure of measurements at hand and their review.

    Args:
        evidence: What was measured.
        review: Computed from it.
        schedule: The candidate; None for the one that the verdict is on.
        known: Workloads by name, for evidence that does not carry its own.

    Raises:
        Refusal: Nobody knows the workload, or the pilot has no such candidate.
    """
    workload = evidence.facts(known)
    if workload is None:
        raise Refusal("workload", "workload_unknown", workload=evidence.pilot.workload)
    return rollback_procedure(evidence, review, workload, schedule=schedule)
