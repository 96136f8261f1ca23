"""What the page of notifications asks the API."""

from frontend.calls.api import Api
from planner.exchange.notifications import Inbox, ReadOrder


def inbox(api: Api, *, page: int, page_size: int) -> Inbox:
    """Notifications, newest first."""
    return api.get(Inbox, "/api/notifications", {"page": page, "page_size": page_size})


def mark_read(api: Api, *, up_to: int) -> None:
    """Marks everything up to a number as read by whoever is signed in."""
    api.post(None, "/api/notifications:read", ReadOrder(up_to=up_to))
