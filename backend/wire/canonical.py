"""The one text of some data, and the hash that names it."""

import hashlib
import json

from backend.wire.codec import encode
from planner.economics.rates import HardwareProfile
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence, ReviewInput


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


def assumptions_sha256(given: ReviewInput, review: Review) -> str:
    """Names everything that a review rests on and the pilot did not measure."""
    told = {
        "assumptions": encode(review.assumptions),
        "price": encode(review.price),
        "pilot_rate_per_device_h": encode(review.pilot_rate_per_device_h),
        "production": encode(review.production) if review.production else None,
        "device_count": review.device_count,
        "look": given.look,
        "hardware": _speed(given.hardware, given),
        "home": _speed(given.home, given) if given.home else None,
    }
    return sha256_of(canonical_json(told))


def _speed(profile: HardwareProfile, given: ReviewInput) -> object:
    """What times on some hardware follow from, the pilot's own curve aside, which is its data."""
    other = profile.throughput if profile.throughput != given.throughput else None
    return {
        "device": profile.rate_card.device,
        "device_count": profile.device_count,
        "interconnect": encode(profile.interconnect) if profile.interconnect else None,
        "throughput": encode(other) if other else None,
    }
