"""What the compare page asks the API."""

from collections.abc import Mapping
from urllib.parse import quote
from uuid import uuid4

from frontend.calls.api import Api, Query
from planner.exchange.states import Page, RunState
from planner.exchange.views import View
from planner.line_ups.line_up import LineUp
from planner.line_ups.line_up_request import LineUpRequest
from planner.pilots.run import PHASE_ENDING

PAGE_SIZE = 200
MOST_PAGES = 3
"""Of runs that can be chosen of one pilot: as many as a line-up may have, and some more."""


def line_up(api: Api, request: LineUpRequest) -> LineUp:
    """Pilots side by side; nothing is stored."""
    return api.post(LineUp, "/api/line-ups:compute", request)


def ended_runs(api: Api, pilot_id: str) -> tuple[RunState, ...]:
    """Training runs of a pilot that are over."""
    found: list[RunState] = []
    for number in range(1, MOST_PAGES + 1):
        query: Query = {"pilot_id": pilot_id, "page": number, "page_size": PAGE_SIZE}
        page = api.get(Page[RunState], "/api/runs", query)
        found += page.items
        if number * PAGE_SIZE >= page.total:
            break
    return tuple(
        one for one in found if one.run.schedule is not None and one.status in PHASE_ENDING
    )


def saved_views(api: Api) -> tuple[View, ...]:
    """Everybody's views, last saved first."""
    return api.get(tuple[View, ...], "/api/views")


def saved_view(api: Api, view_id: str) -> View:
    """One view."""
    return api.get(View, f"/api/views/{quote(view_id, safe='')}")


def save_view(api: Api, name: str, query: Mapping[str, str]) -> View:
    """Keeps a link under a name; a repeated call keeps it twice."""
    headers = {"Idempotency-Key": str(uuid4())}
    return api.post(View, "/api/views", {"name": name, "query": dict(query)}, headers=headers)


def remove_view(api: Api, view_id: str) -> View:
    """Throws a view away."""
    return api.post(View, f"/api/views/{view_id}", method="DELETE")
