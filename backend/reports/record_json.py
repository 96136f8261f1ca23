"""A report as JSON: the review with everything that it can be computed from again."""

import json

from backend.reports.report_source import ReportSource
from backend.wire.codec import encode
from planner.exchange.report_files import RECORD_FORMAT_VERSION, ReportRecord
from planner.exchange.reports import ReportFacts


def json_bytes(source: ReportSource) -> bytes:
    """The record in UTF-8; every number with as many digits as tell it from its neighbours."""
    text = json.dumps(encode(record_of(source)), ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode()


def record_of(source: ReportSource) -> ReportRecord:
    """The record of a report."""
    facts: ReportFacts = source.facts
    return ReportRecord(
        format_version=RECORD_FORMAT_VERSION,
        code_version=facts.code_version,
        reported_on=facts.reported_on,
        pilot_id=facts.pilot_id,
        schedule=facts.schedule,
        data_sha256=facts.data_sha256,
        assumptions_sha256=facts.assumptions_sha256,
        request=source.request,
        given=source.given,
        review=facts.review,
    )
