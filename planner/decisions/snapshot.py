"""A review frozen by a sign-off; all that it was computed from is named by hash, price and day."""

from dataclasses import dataclass

from planner.decisions.promise import Promise
from planner.economics.assumptions import Assumptions
from planner.economics.rates import RateCard
from planner.money import Money
from planner.reviews.review import Review

SNAPSHOT_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a decision was taken on; never changed afterwards.

    Attributes:
        format_version: Of this structure.
        taken_at: ISO time in UTC.
        code_version: Of the program that computed the review.
        pilot_id: The pilot.
        schedule: The candidate that the decision is on.
        measurements_sha256: Of the canonical JSON of everything measured: pilot, records,
            throughput curve and micro-batches.
        assumptions: What was not measured.
        price: The rate card that its money is computed with, with its day.
        pilot_rate_per_device_h: Price of the device that the pilot ran on.
        promise: What production is held against.
        review: The whole review.
    """

    format_version: int
    taken_at: str
    code_version: str
    pilot_id: str
    schedule: str
    measurements_sha256: str
    assumptions: Assumptions
    price: RateCard
    pilot_rate_per_device_h: Money
    promise: Promise | None
    review: Review
