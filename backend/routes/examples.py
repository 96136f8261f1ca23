"""Examples."""

from backend.published.examples import examples
from backend.published.worked_cases import worked_cases
from backend.routes.guarded import guarded
from planner.exchange.page_states import Example
from planner.projections.worked_case import WorkedCase

router = guarded(tags=["examples"])


@router.get("/examples")
def list_examples() -> tuple[Example, ...]:
    """Pilots that are ready to be started."""
    return examples()


@router.get("/worked-cases")
def list_worked_cases() -> tuple[WorkedCase, ...]:
    """Published trainings, worked out: what each step to more devices buys, and costs."""
    return worked_cases()
