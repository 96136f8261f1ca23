"""Runs with everything that the API shows of them, in one query."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, PilotRow, RunRow, WorkerRow
from planner.pilots.run import Purpose, RunStatus

ShownRow = Row[Any]
"""Columns of a run, its worker's name, and of its attempts ``wall_clock_s`` and ``bundle_size``."""

_RUNS = RunRow.__table__
_ATTEMPTS = AttemptRow.__table__
_WORKERS = WorkerRow.__table__

_WALL_CLOCK_S = (
    select(func.sum(_ATTEMPTS.c.wall_clock_s))
    .where(_ATTEMPTS.c.run_id == _RUNS.c.id)
    .correlate(_RUNS)
    .scalar_subquery()
)

_NEWEST = (_ATTEMPTS.c.run_id == _RUNS.c.id) & (_ATTEMPTS.c.number == _RUNS.c.attempt)

_LEFT_OUT = frozenset(
    {"final_metrics", "lost_attempts", "queued_at", "store_url", "token", "wish", "worker_id"}
)
"""Columns that nobody is shown here; reading one takes time for every run of a page."""

_COLUMNS: list[ColumnElement[Any]] = [
    *(column for column in _RUNS.c if column.name not in _LEFT_OUT),
    _WORKERS.c.name.label("worker"),
    _WALL_CLOCK_S.label("wall_clock_s"),
    func.coalesce(_ATTEMPTS.c.bundle_size, 1).label("bundle_size"),
]

_SHOWN: Select[Any] = select(*_COLUMNS).select_from(
    _RUNS.outerjoin(_WORKERS, _WORKERS.c.id == _RUNS.c.worker_id).outerjoin(_ATTEMPTS, _NEWEST)
)

_HIDDEN = select(PilotRow.id).where(PilotRow.hidden)
"""Pilots of which only a part is stored yet."""

_ONE = _SHOWN.where(_RUNS.c.id == bindparam("run_id"))
_SEVERAL = _SHOWN.where(_RUNS.c.id.in_(bindparam("run_ids", expanding=True)))


def find(session: Session, run_id: str) -> ShownRow | None:
    """One run, or None."""
    session.flush()
    return session.connection().execute(_ONE, {"run_id": run_id}).one_or_none()


def several(session: Session, run_ids: Iterable[str]) -> dict[str, ShownRow]:
    """Runs by id."""
    session.flush()
    rows = session.connection().execute(_SEVERAL, {"run_ids": list(run_ids)})
    return {row.id: row for row in rows}


def page(
    session: Session,
    *,
    pilot_id: str | None,
    status: RunStatus | None,
    purpose: Purpose | None,
    offset: int,
    limit: int,
) -> tuple[Sequence[ShownRow], int]:
    """Runs by age and number, and how many there are in all."""
    asked = {"pilot_id": pilot_id, "status": status, "purpose": purpose}
    given = {name: value for name, value in asked.items() if value is not None}
    total, shown = _page(tuple(given))
    connection = session.connection()
    rows = connection.execute(shown, {**given, "offset": offset, "limit": limit}).all()
    return rows, connection.scalar(total, given) or 0


@cache
def _page(filters: tuple[str, ...]) -> tuple[Select[int], Select[Any]]:
    """The count and the page of runs that are filtered by some columns; built once."""
    which = [_RUNS.c[name] == bindparam(name) for name in filters]
    which.append(_RUNS.c.pilot_id.not_in(_HIDDEN))
    by_age = [_RUNS.c.created_at, _RUNS.c.pilot_id, _RUNS.c.number]
    if "pilot_id" in filters:
        by_age = [_RUNS.c.number]  # the same of one pilot, and its index has it
    ordered = _SHOWN.where(*which).order_by(*by_age)
    return (
        select(func.count()).select_from(_RUNS).where(*which),
        ordered.offset(bindparam("offset")).limit(bindparam("limit")),
    )
