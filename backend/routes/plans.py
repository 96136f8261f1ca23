"""Plans: pilots that are not started yet."""

from backend.routes.dependencies import Reading
from backend.routes.guarded import guarded
from backend.routes.turns import IN_TURN
from backend.services import plans
from planner.plans.equal_effort import Control, ControlRequest
from planner.plans.plan_facts import PlanFacts, PlanRequest

router = guarded(tags=["plans"])


@router.post("/plans:compute", dependencies=IN_TURN)
def compute_plan(body: PlanRequest, work: Reading) -> PlanFacts:
    """What a pilot would cost and take, and what it must show to pay; nothing is stored."""
    return plans.compute(work, body)


@router.post("/plans:control", dependencies=IN_TURN)
def compute_control(body: ControlRequest, work: Reading) -> Control:
    """Today's formula, planned again for the effort of a candidate; nothing is stored."""
    return plans.control(work, body)
