"""Examples."""

from fastapi import APIRouter

from backend.examples import examples
from planner.exchange.page_states import Example

router = APIRouter(prefix="/api", tags=["examples"])


@router.get("/examples")
def list_examples() -> tuple[Example, ...]:
    """Pilots that are ready to be started."""
    return examples()
