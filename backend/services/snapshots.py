"""Frozen reviews: canonical JSON, so that a hash names what a decision or a report stands on."""

from uuid import uuid4

from backend import VERSION
from backend.repositories import decisions
from backend.tables import SnapshotRow
from backend.unit_of_work import UnitOfWork
from backend.wire.canonical import canonical_json, sha256_of
from backend.wire.codec import encode
from backend.wire.problems import not_found
from planner.decisions.promise import promise_of
from planner.decisions.snapshot import SNAPSHOT_FORMAT_VERSION, Snapshot
from planner.reviews.review import Review


def freeze(
    work: UnitOfWork, pilot_id: str, review: Review, schedule: str, *, measured: str
) -> SnapshotRow:
    """The stored snapshot of a review; it is never changed again.

    Args:
        work: Of the request.
        pilot_id: The pilot.
        review: What is frozen.
        schedule: The candidate that it is looked at for.
        measured: Hash of the measurements that the review was computed from.
    """
    taken = Snapshot(
        format_version=SNAPSHOT_FORMAT_VERSION,
        taken_at=work.now.isoformat(),
        code_version=VERSION,
        pilot_id=pilot_id,
        schedule=schedule,
        measurements_sha256=measured,
        assumptions=review.assumptions,
        price=review.price,
        pilot_rate_per_device_h=review.pilot_rate_per_device_h,
        promise=promise_of(review, schedule),
        review=review,
    )
    body = canonical_json(encode(taken))
    frozen = SnapshotRow(
        id=uuid4().hex, pilot_id=pilot_id, sha256=sha256_of(body), body=body, taken_at=work.now
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
