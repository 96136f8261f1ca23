"""The routes of the API about reports, one typed function each."""

from uuid import uuid4

from frontend.calls.api import Api
from planner.exchange.report_files import ReportOrder, ReportState
from planner.exchange.states import Page


def reports(api: Api, pilot_id: str, *, page: int, page_size: int) -> Page[ReportState]:
    """Reports of a pilot, newest first."""
    query = {"page": page, "page_size": page_size}
    return api.get(Page[ReportState], f"/api/pilots/{pilot_id}/reports", query)


def make(api: Api, pilot_id: str, order: ReportOrder) -> ReportState:
    """Makes a file; a repeated call makes another one."""
    headers = {"Idempotency-Key": str(uuid4())}
    return api.post(ReportState, f"/api/pilots/{pilot_id}/reports", order, headers=headers)


def content(api: Api, number: int) -> bytes:
    """The file of a report, as it was made."""
    return api.post(bytes, f"/api/reports/{number}/file", method="GET")
