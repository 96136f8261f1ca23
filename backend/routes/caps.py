"""What the installation may use in a calendar month."""

from backend.routes.dependencies import Reading, Writing
from backend.routes.guarded import guarded
from backend.services import cap_terms
from planner.exchange.states import MonthCaps, MonthCapsChange
from planner.pilots.caps import Limits

router = guarded(tags=["caps"])


@router.get("/caps")
def read_caps(work: Reading) -> MonthCaps:
    """The caps of the installation, and what is used of them this month."""
    return cap_terms.month(work)


@router.get("/caps/history")
def list_changes(work: Reading) -> tuple[MonthCapsChange, ...]:
    """Who changed the caps of the installation, and how, newest first."""
    return cap_terms.month_history(work)


@router.put("/caps")
def set_caps(body: Limits, work: Writing) -> MonthCaps:
    """Replaces the caps of the installation; what is left out has no limit."""
    return cap_terms.set_month(work, body)
