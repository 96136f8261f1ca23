"""How much there is of everything, in the database: counts by kind, never a row a run."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, DeliveryRow, PilotRow, RunRow

Waiting = tuple[str, str, int, datetime]


def runs_by_status(session: Session) -> dict[str, int]:
    """Number of runs in each state that any is in."""
    counted = select(RunRow.status, func.count()).group_by(RunRow.status)
    return dict(session.execute(counted).all())


def waiting(session: Session) -> list[Waiting]:
    """Workload, device, number and oldest entry of the queued runs of each kind, most first."""
    device = func.coalesce(PilotRow.measured_on, "any")
    counted = (
        select(PilotRow.workload, device, func.count(), func.min(RunRow.queued_at))
        .join(RunRow, RunRow.pilot_id == PilotRow.id)
        .where(RunRow.status == "queued")
        .group_by(PilotRow.workload, device)
        .order_by(func.count().desc())
    )
    return [(name, place, number, since) for name, place, number, since in session.execute(counted)]


def acknowledged_steps(session: Session) -> dict[str, int]:
    """Of every running run, the step up to which its series were taken in."""
    newest = (AttemptRow.run_id == RunRow.id) & (AttemptRow.number == RunRow.attempt)
    chosen = select(RunRow.id, AttemptRow.to_step).join(AttemptRow, newest)
    return dict(session.execute(chosen.where(RunRow.status == "running")).all())


def size_bytes(session: Session) -> int:
    """Of the whole database."""
    if session.get_bind().dialect.name == "postgresql":
        measured = "SELECT pg_database_size(current_database())"
    else:
        measured = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(session.execute(text(measured)).scalar_one())


def deliveries_by_status(session: Session) -> dict[str, int]:
    """Number of deliveries in each state that any is in."""
    counted = select(DeliveryRow.status, func.count()).group_by(DeliveryRow.status)
    return dict(session.execute(counted).all())


def oldest_waiting_delivery(session: Session) -> datetime | None:
    """When the oldest delivery was made that is still to be sent; None without any."""
    chosen = select(func.min(DeliveryRow.made_at)).where(DeliveryRow.status == "waiting")
    return session.scalar(chosen)
