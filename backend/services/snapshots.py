"""Signed reviews: frozen as canonical JSON, so that a hash names what a decision was taken on."""

from uuid import uuid4

from backend import VERSION
from backend.canonical import canonical_json, data_sha256, sha256_of
from backend.codec import encode
from backend.problems import not_found
from backend.repositories import decisions
from backend.services import reviews
from backend.tables import PilotRow, SnapshotRow
from backend.unit_of_work import UnitOfWork
from planner.decisions.promise import promise_of
from planner.decisions.snapshot import SNAPSHOT_FORMAT_VERSION, Snapshot
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest


def freeze(work: UnitOfWork, row: PilotRow, review: Review, schedule: str) -> SnapshotRow:
    """The stored snapshot of a review; it is never changed again."""
    evidence, _ = reviews.evidence_of(work, ReviewRequest(pilot_id=row.id))
    taken = Snapshot(
        format_version=SNAPSHOT_FORMAT_VERSION,
        taken_at=work.now.isoformat(),
        code_version=VERSION,
        pilot_id=row.id,
        schedule=schedule,
        measurements_sha256=data_sha256(evidence),
        assumptions=review.assumptions,
        price=review.price,
        pilot_rate_per_device_h=review.pilot_rate_per_device_h,
        promise=promise_of(review, schedule),
        review=review,
    )
    body = canonical_json(encode(taken))
    frozen = SnapshotRow(
        id=uuid4().hex, pilot_id=row.id, sha256=sha256_of(body), body=body, taken_at=work.now
    )
    decisions.add(work.session, frozen)
    return frozen


def body_of(work: UnitOfWork, snapshot_id: str) -> SnapshotRow:
    """A snapshot as it was signed.

    Raises:
        RequestError: There is none.
    """
    row = decisions.snapshot(work.session, snapshot_id)
    if row is None:
        raise not_found("snapshot", snapshot_id)
    return row
