"""Reports of pilots as files."""

from typing import Annotated

from fastapi import Depends, Path, Response

from backend.reports.file_name import attachment
from backend.reports.formats import FORMATS
from backend.routes.dependencies import (
    IdempotencyKey,
    PageNumber,
    PageSize,
    Reading,
    Writing,
)
from backend.routes.guarded import guarded
from backend.routes.turns import IN_TURN
from backend.services import idempotency, reports
from backend.services.reports import Drawn
from backend.unit_of_work import UnitOfWork
from planner.exchange.report_files import ReportOrder, ReportState
from planner.exchange.states import Page

router = guarded(tags=["reports"])

ReportNumber = Annotated[int, Path(ge=1, le=2**53)]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {
    "content": {one.media_type.partition(";")[0]: _BINARY for one in FORMATS.values()},
    "description": "The file as it was made; its hash is the entity tag.",
}


def drawn(
    pilot_id: str,
    body: ReportOrder,
    work: Reading,
    idempotency_key: IdempotencyKey,
) -> Drawn | None:
    """The file, before anybody waits for the one writer of the database; None where it is kept."""
    place = _place(pilot_id, idempotency_key)
    with work.session:
        if idempotency.kept(work, place, body, answer=ReportState) is not None:
            return None
        return reports.draw(work, body, pilot_id=pilot_id)


@router.post("/pilots/{pilot_id}/reports", status_code=201, dependencies=IN_TURN)
def make_report(
    pilot_id: str,
    body: ReportOrder,
    found: Annotated[Drawn | None, Depends(drawn, scope="function")],
    work: Writing,
    idempotency_key: IdempotencyKey,
) -> ReportState:
    """Makes a report of what is measured now, and keeps it with the review that it shows."""

    def keep(work: UnitOfWork, _: ReportOrder) -> ReportState:
        return reports.keep(work, found or reports.draw(work, body, pilot_id=pilot_id))

    place = _place(pilot_id, idempotency_key)
    return idempotency.once(work, place, body, answer=ReportState, make=keep)


def _place(pilot_id: str, key: str) -> str:
    return f"{pilot_id} report {key}"


@router.get("/pilots/{pilot_id}/reports")
def list_reports(
    pilot_id: str, work: Reading, page: PageNumber = 1, page_size: PageSize = 50
) -> Page[ReportState]:
    """Reports of a pilot, newest first."""
    return reports.listed(work, pilot_id, page=page, page_size=page_size)


@router.get("/reports/{number}/file", response_class=Response, responses={200: _FILE})
def read_report(number: ReportNumber, work: Reading) -> Response:
    """The file of a report, byte for byte; its name is in ``Content-Disposition``."""
    state, content = reports.file_of(work, number)
    return Response(
        content,
        media_type=reports.media_type(state),
        headers={
            "Content-Disposition": attachment(state.file_name),
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "ETag": f'"{state.sha256}"',
        },
    )
