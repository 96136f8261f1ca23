"""Reports as files: drawn from a review, kept with what they show, and handed out again.

The bytes are kept, not drawn again: a later version of Paybatch or of a library it uses may write
another file from the same facts, and who was shown a hash has to get that file. Equal files are
kept once, and the same export by the same person is the report that is there already.
"""

import hashlib
import json
from dataclasses import dataclass

from backend.reports.file_name import file_name
from backend.reports.formats import FORMATS, rendered
from backend.repositories import decisions, reports
from backend.services import audit, phases, report_sources, reviews, snapshots
from backend.tables import ReportRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import encode
from backend.wire.problems import below, conflict, not_found
from planner.exchange.report_files import ReportOrder, ReportState
from planner.exchange.reports import ReportFacts
from planner.exchange.states import Page
from planner.refusal import Refusal, require
from planner.reviews.review_input import ReviewRequest

LARGEST_FILE_BYTES = 16 * 2**20
MOST_A_PILOT = 1000
"""Reports that a pilot may have; nothing of them is ever deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A report that is not kept yet."""

    order: ReportOrder
    facts: ReportFacts
    name: str
    content: bytes


def draw(work: UnitOfWork, order: ReportOrder, *, pilot_id: str) -> Drawn:
    """The report that an order asks for, of what is measured now.

    Raises:
        RequestError: There is no such pilot, it has measured nothing yet, or the file is too large.
        Refusal: The terms or the schedule are not of this pilot.
    """
    phases.existing(work, pilot_id)
    request = order.review or ReviewRequest(pilot_id=pilot_id)
    require(request.pilot_id == pilot_id, "review.pilot_id", "review_of_other_pilot")
    try:
        given = reviews.input_for(work, request)
    except Refusal as refusal:
        raise below("review", refusal) from refusal
    source = report_sources.source_of(
        given,
        schedule=order.schedule,
        reported_on=work.now.date().isoformat(),
        pilot_id=pilot_id,
        request=request,
    )
    content = rendered(source, order.format, order.language)
    if len(content) > LARGEST_FILE_BYTES:
        raise conflict("report_too_large", largest_mib=LARGEST_FILE_BYTES // 2**20)
    name = file_name(source.facts, order.format, order.language)
    return Drawn(order=order, facts=source.facts, name=name, content=content)


def keep(work: UnitOfWork, drawn: Drawn) -> ReportState:
    """Stores a report together with the review that it shows; one made before is that one again.

    Raises:
        RequestError: The pilot has too many.
    """
    facts, pilot_id = drawn.facts, drawn.facts.pilot_id or ""
    told = {
        "pilot_id": pilot_id,
        "sha256": hashlib.sha256(drawn.content).hexdigest(),
        "format": drawn.order.format,
        "language": drawn.order.language,
        "schedule": facts.schedule,
        "file_name": drawn.name,
        "data_sha256": facts.data_sha256,
        "assumptions_sha256": facts.assumptions_sha256,
        "code_version": facts.code_version,
        "made_by": work.principal.name,
    }
    before = reports.alike(work.session, told)
    if before is not None:
        return _recorded(work, before)
    if reports.count(work.session, pilot_id) >= MOST_A_PILOT:
        raise conflict("too_many_reports", most=MOST_A_PILOT)
    row = ReportRow(
        **told,
        snapshot_id=_snapshot(work, facts),
        size_bytes=len(drawn.content),
        made_at=work.now,
    )
    reports.add(work.session, row, drawn.content)
    return _recorded(work, row)


def _recorded(work: UnitOfWork, row: ReportRow) -> ReportState:
    """A report whose order is written down, as every order is."""
    after = {"number": row.number, "file_name": row.file_name, "sha256": row.sha256}
    audit.record(work, "report.make", row.pilot_id, None, after)
    return _state(row)


def listed(work: UnitOfWork, pilot_id: str, *, page: int, page_size: int) -> Page[ReportState]:
    """Reports of a pilot, newest first.

    Raises:
        RequestError: There is no such pilot.
    """
    phases.existing(work, pilot_id)
    rows = reports.of_pilot(work.session, pilot_id, offset=(page - 1) * page_size, limit=page_size)
    return Page(
        items=tuple(map(_state, rows)),
        page=page,
        page_size=page_size,
        total=reports.count(work.session, pilot_id),
    )


def file_of(work: UnitOfWork, number: int) -> tuple[ReportState, bytes]:
    """A report with its bytes, as they were made.

    Raises:
        RequestError: There is none.
    """
    row = reports.find(work.session, number)
    if row is None:
        raise not_found("report", str(number))
    return _state(row), reports.content(work.session, row.sha256)


def media_type(state: ReportState) -> str:
    """What a browser is told that the file is."""
    return FORMATS[state.format].media_type


def _snapshot(work: UnitOfWork, facts: ReportFacts) -> str:
    """Id of the frozen review; the one before where it says the same of the same candidate."""
    pilot_id = facts.pilot_id or ""
    for row in reports.of_pilot(work.session, pilot_id, offset=0, limit=1):
        before = decisions.snapshot(work.session, row.snapshot_id)
        told = json.loads(before.body) if before is not None else {}
        of_these = (row.data_sha256, row.schedule) == (facts.data_sha256, facts.schedule)
        if of_these and told.get("review") == encode(facts.review):
            return row.snapshot_id
    measured = facts.data_sha256
    return snapshots.freeze(work, pilot_id, facts.review, facts.schedule, measured=measured).id


def _state(row: ReportRow) -> ReportState:
    return ReportState(
        number=row.number,
        pilot_id=row.pilot_id,
        format=row.format,  # type: ignore[arg-type]
        language=row.language,  # type: ignore[arg-type]
        schedule=row.schedule,
        made_at=row.made_at,
        made_by=row.made_by,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        data_sha256=row.data_sha256,
        assumptions_sha256=row.assumptions_sha256,
        code_version=row.code_version,
        snapshot_id=row.snapshot_id,
    )
