"""Views under a name: kept for the whole installation, removed by their owner or an admin."""

from uuid import uuid4

from backend.repositories import views
from backend.services import audit
from backend.tables import ViewRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import conflict, not_found
from planner.exchange.views import View, ViewRequest

MOST_VIEWS = 500
"""Views that an installation keeps."""


def save(work: UnitOfWork, request: ViewRequest) -> View:
    """Keeps a view; two may have one name.

    Raises:
        RequestError: There are too many.
    """
    if views.count(work.session) >= MOST_VIEWS:
        raise conflict("too_many_views", most=MOST_VIEWS)
    row = ViewRow(
        id=uuid4().hex,
        name=request.name.strip(),
        owner=work.principal.name,
        query=dict(request.query),
        saved_at=work.now,
    )
    views.add(work.session, row)
    audit.record(work, "view.save", row.id, None, {"name": row.name})
    return _view(row)


def listed(work: UnitOfWork) -> tuple[View, ...]:
    """Everybody's views, last saved first."""
    return tuple(_view(row) for row in views.every(work.session))


def read(work: UnitOfWork, view_id: str) -> View:
    """One view.

    Raises:
        RequestError: There is none.
    """
    return _view(_existing(work, view_id))


def remove(work: UnitOfWork, view_id: str) -> View:
    """Throws a view away.

    Raises:
        RequestError: There is none, or it is somebody else's and an admin does not ask.
    """
    row = _existing(work, view_id)
    if row.owner != work.principal.name and work.principal.scope != "admin":
        raise conflict("view_of_other", owner=row.owner)
    views.remove(work.session, row)
    audit.record(work, "view.remove", view_id, {"name": row.name, "owner": row.owner}, None)
    return _view(row)


def _existing(work: UnitOfWork, view_id: str) -> ViewRow:
    row = views.find(work.session, view_id)
    if row is None:
        raise not_found("view", view_id)
    return row


def _view(row: ViewRow) -> View:
    query = {name: str(value) for name, value in row.query.items()}
    return View(id=row.id, name=row.name, owner=row.owner, saved_at=row.saved_at, query=query)
