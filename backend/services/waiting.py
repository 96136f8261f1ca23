"""What waits for a worker: counted for programs that bring workers in where they are needed."""

from backend.repositories import claims, pilots
from backend.services import budget
from backend.unit_of_work import UnitOfWork
from planner.exchange.waiting import WaitingRuns


def waiting(work: UnitOfWork) -> tuple[WaitingRuns, ...]:
    """Queued runs that a worker would be given now, by what it must be like."""
    rows = pilots.several(work.session, claims.pilots_queued(work.session))
    return claims.waiting(work.session, pilots_at_cap=budget.at_cap(work, rows.values()))
