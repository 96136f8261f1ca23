"""Signed reviews: frozen as canonical JSON, so that a hash names what a decision was taken on."""

import hashlib
import json
from uuid import uuid4

from backend import VERSION
from backend.codec import encode
from backend.problems import not_found
from backend.repositories import decisions
from backend.services import records
from backend.tables import PilotRow, SnapshotRow
from backend.unit_of_work import UnitOfWork
from planner.decisions.promise import promise_of
from planner.decisions.snapshot import SNAPSHOT_FORMAT_VERSION, Snapshot
from planner.reviews.review import Review


def freeze(work: UnitOfWork, row: PilotRow, review: Review, schedule: str) -> SnapshotRow:
    """The stored snapshot of a review; it is never changed again."""
    taken = Snapshot(
        format_version=SNAPSHOT_FORMAT_VERSION,
        taken_at=work.now.isoformat(),
        code_version=VERSION,
        pilot_id=row.id,
        schedule=schedule,
        measurements_sha256=_hash_of(_measurements(work, row)),
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


def canonical_json(data: object) -> str:
    """The one text of some JSON-like data: keys in order, nothing between, every letter as it is.

    Numbers are written with as many digits as tell them from their neighbours.
    """
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _measurements(work: UnitOfWork, row: PilotRow) -> dict[str, object]:
    """Everything that a review knows of a pilot without prices and assumptions of the reader."""
    return {
        "pilot": row.pilot,
        "records": [encode(record) for record in records.of_pilot(work, row.id)],
        "throughput": row.throughput,
        "micro_batch_plan": row.micro_batch_plan,
        "selected": row.selected,
        "finalists": row.finalists,
    }


def _hash_of(data: object) -> str:
    return sha256_of(canonical_json(data))
