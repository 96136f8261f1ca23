"""What the compare page asks the API."""

from frontend.api import Api, Query
from planner.exchange.states import Page, RunState
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
