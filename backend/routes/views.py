"""Views of the compare page under a name."""

from backend.routes.dependencies import IdempotencyKey, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import idempotency, views
from planner.exchange.views import View, ViewRequest

router = guarded(tags=["views"])


@router.get("/views")
def list_views(work: Reading) -> tuple[View, ...]:
    """Everybody's views, last saved first; at most 500 are kept."""
    return views.listed(work)


@router.post("/views", status_code=201)
def save_view(body: ViewRequest, work: Writing, idempotency_key: IdempotencyKey) -> View:
    """Keeps a view; a repeated request with the same key gets the same answer."""
    return idempotency.once(work, idempotency_key, body, answer=View, make=views.save)


@router.get("/views/{view_id}")
def read_view(view_id: str, work: Reading) -> View:
    """One view."""
    return views.read(work, view_id)


@router.delete("/views/{view_id}")
def remove_view(view_id: str, work: Writing) -> View:
    """Throws a view away; its owner and admins may."""
    return views.remove(work, view_id)
