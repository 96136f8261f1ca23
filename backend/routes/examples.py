"""Examples."""

from fastapi import APIRouter

from backend.published.examples import examples
from backend.published.worked_cases import worked_cases
from backend.routes.one_thread import OneThread
from planner.exchange.page_states import Example
from planner.projections.worked_case import WorkedCase

router = APIRouter(prefix="/api", tags=["examples"], route_class=OneThread)


@router.get("/examples")
def list_examples() -> tuple[Example, ...]:
    """Pilots that are ready to be started."""
    return examples()


@router.get("/worked-cases")
def list_worked_cases() -> tuple[WorkedCase, ...]:
    """Published trainings, worked out: what each step to more devices buys, and costs."""
    return worked_cases()
