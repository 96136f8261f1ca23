"""What pages ask the API about measurements on several devices."""

from frontend.calls.api import Api
from planner.exchange.states import Page
from planner.projections.scaling_facts import ScalingFacts, ScalingState

_PAGE_SIZE = 200


def scaling_list(
    api: Api, *, workload: str | None = None, device: str | None = None
) -> tuple[ScalingState, ...]:
    """Measurements on several devices, newest first."""
    query = {"workload": workload, "device": device, "page": 1, "page_size": _PAGE_SIZE}
    return api.get(Page[ScalingState], "/api/scaling", query).items


def scaling(api: Api, number: int) -> ScalingFacts:
    """One of them, with everything that follows from it."""
    return api.get(ScalingFacts, f"/api/scaling/{number}")


def newest_scaling(api: Api, *, workload: str, dtype: str) -> dict[str, int]:
    """Numbers of the newest measurements of a workload in one number format, by device."""
    found = scaling_list(api, workload=workload)
    return {one.device: one.number for one in found if one.newest and one.dtype == dtype}
