"""Line-ups."""

from backend.routes.dependencies import Reading
from backend.routes.guarded import guarded
from backend.routes.turns import IN_TURN
from backend.services import line_ups
from planner.line_ups.line_up import LineUp
from planner.line_ups.line_up_request import LineUpRequest

router = guarded(tags=["line-ups"])


@router.post("/line-ups:compute", dependencies=IN_TURN)
def compute_line_up(body: LineUpRequest, work: Reading) -> LineUp:
    """Pilots and schedules side by side: at most 50 pilots and 500 runs; nothing is stored."""
    return line_ups.compute(work, body)
