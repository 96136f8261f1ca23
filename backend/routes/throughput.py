"""Measured throughput curves."""

from typing import Annotated

from fastapi import Path, Query

from backend.routes.dependencies import PageNumber, PageSize, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import curves
from planner.devices.curve_facts import CurveFacts, CurveState
from planner.exchange.states import Page

router = guarded(tags=["throughput"])

CurveNumber = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/throughput")
def list_throughput(
    work: Reading,
    workload: str | None = None,
    device: str | None = None,
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[CurveState]:
    """Measured curves, newest first."""
    return curves.page(work, workload=workload, device=device, page=page, page_size=page_size)


@router.get("/throughput/{number}")
def read_throughput(
    number: CurveNumber,
    work: Reading,
    compared_with: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> CurveFacts:
    """One curve with its fit; ``compared_with`` is the number of another one for its chart."""
    return curves.facts(work, number, compared_with=compared_with)


@router.post("/throughput/{number}:retire")
def retire_throughput(number: CurveNumber, work: Writing) -> CurveState:
    """Asks for another measurement: the next pilot of its workload measures first."""
    return curves.retire(work, number)
