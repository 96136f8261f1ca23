"""What was measured on several devices."""

from typing import Annotated

from fastapi import Path

from backend.routes.dependencies import PageNumber, PageSize, Reading
from backend.routes.guarded import guarded
from backend.services import scaling
from planner.exchange.states import Page
from planner.projections.scaling_facts import ScalingFacts, ScalingState

router = guarded(tags=["scaling"])


@router.get("/scaling")
def list_scaling(
    work: Reading,
    workload: str | None = None,
    device: str | None = None,
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[ScalingState]:
    """Measurements on several devices, newest first."""
    return scaling.page(work, workload=workload, device=device, page=page, page_size=page_size)


@router.get("/scaling/{number}")
def read_scaling(number: Annotated[int, Path(ge=1, le=2**53)], work: Reading) -> ScalingFacts:
    """One measurement: step times, efficiency and communication beside what is projected."""
    return scaling.facts(work, number)
