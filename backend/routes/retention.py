"""Removing what is old, for the owner of the installation."""

from fastapi import APIRouter

from backend.routes.dependencies import Reading, Writing
from backend.services import retention
from planner.exchange.retention import RetentionOrder, RetentionState

router = APIRouter(prefix="/api", tags=["retention"])


@router.post("/retention:preview")
def preview_retention(body: RetentionOrder, work: Reading) -> RetentionState:
    """What would be removed; nothing is."""
    return retention.preview(work, body)


@router.post("/retention:apply")
def apply_retention(body: RetentionOrder, work: Writing) -> RetentionState:
    """Removes what is old and what no decision, snapshot or report rests on."""
    return retention.apply(work, body)
