"""Reports as files: what is asked for, what is kept of each, and the record to recompute from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from planner.money import require_day
from planner.refusal import require
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence, ReviewInput, ReviewRequest

ReportFormat = Literal["pdf", "pptx", "xlsx", "html", "csv", "json"]
"""Kinds of files; ``csv`` is an archive of tables."""

ReportLanguage = Literal["en", "ja"]

RECORD_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """Asks for a report of a pilot as a file.

    Attributes:
        format: Kind of file.
        language: Of its words; tables and the record have keys instead and ignore it.
        schedule: The candidate that it is about; None for the one that the verdict is on.
        review: Hardware, production, assumptions and rate that differ from the pilot's own.
    """

    format: ReportFormat
    language: ReportLanguage = "en"
    schedule: str | None = None
    review: ReviewRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """A report that was made; it is kept as it is.

    Attributes:
        number: Counts up over all pilots.
        schedule: The candidate that it is about.
        made_by: Who was signed in.
        file_name: Harmless in any file system.
        sha256: Of the file.
        data_sha256: Of everything measured.
        assumptions_sha256: Of everything that was assumed.
        code_version: Of the program that made it.
        snapshot_id: Of the review that it shows.
    """

    number: int
    pilot_id: str
    format: ReportFormat
    language: ReportLanguage
    schedule: str
    made_at: datetime
    made_by: str
    file_name: str
    size_bytes: int
    sha256: str
    data_sha256: str
    assumptions_sha256: str
    code_version: str
    snapshot_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecord:
    """A review together with everything that it is a function of: it can be computed again.

    Attributes:
        format_version: Of this structure.
        code_version: Of the program that computed the review.
        reported_on: ISO day.
        pilot_id: The stored pilot; None for one that was brought along.
        schedule: The candidate that the report is about.
        data_sha256: Of the canonical JSON of everything measured.
        assumptions_sha256: Of the canonical JSON of everything that was assumed.
        request: What was asked for beyond the pilot's own terms; the measurements are in ``given``.
        given: Measurements, prices and assumptions, all of them.
        review: What follows from ``given``.
    """

    format_version: int
    code_version: str
    reported_on: str
    pilot_id: str | None
    schedule: str
    data_sha256: str
    assumptions_sha256: str
    request: ReviewRequest | None
    given: ReviewInput
    review: Review

    def __post_init__(self) -> None:
        known = self.format_version == RECORD_FORMAT_VERSION
        require(known, "format_version", "choice_unknown")
        require_day(self.reported_on, "reported_on")


def evidence_in(given: ReviewInput) -> PilotEvidence:
    """The measurements that a review was computed from, to be brought along elsewhere."""
    return PilotEvidence(
        pilot=given.pilot,
        records=given.records,
        throughput=given.throughput,
        micro_batch_plan=given.micro_batch_plan,
        selection=given.selection,
        workload=given.workload,
        scaling=given.scaling,
    )
