"""What people are told without asking."""

from backend.routes.dependencies import PageNumber, PageSize, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import notifications
from planner.exchange.notifications import Inbox, ReadOrder

router = guarded(tags=["notifications"])


@router.get("/notifications")
def list_notifications(work: Reading, page: PageNumber = 1, page_size: PageSize = 50) -> Inbox:
    """Newest notifications first, and how many whoever asks has not read."""
    return notifications.inbox(work, page=page, page_size=page_size)


@router.post("/notifications:read")
def mark_read(body: ReadOrder, work: Writing) -> Inbox:
    """Marks everything up to a number as read by whoever asks."""
    return notifications.mark_read(work, body)
