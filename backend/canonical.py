"""The one text of some data, and the hash that names it."""

import hashlib
import json

from backend.codec import encode
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence


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


def data_sha256(evidence: PilotEvidence) -> str:
    """Names everything that was measured: pilot, records, throughput curve, micro-batches."""
    return sha256_of(canonical_json(encode(evidence)))


def assumptions_sha256(review: Review) -> str:
    """Names everything of a review that was not measured."""
    told = {
        "assumptions": encode(review.assumptions),
        "price": encode(review.price),
        "pilot_rate_per_device_h": encode(review.pilot_rate_per_device_h),
        "production": encode(review.production) if review.production else None,
        "device_count": review.device_count,
    }
    return sha256_of(canonical_json(told))
