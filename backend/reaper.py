"""The thread that gives lost runs back to the queue."""

import logging

from backend.periodic import Periodic
from backend.repositories import runs
from backend.security import Principal
from backend.services import recovery
from backend.unit_of_work import Installation, UnitOfWork

LOG = logging.getLogger(__name__)

REAPER = Principal(name="reaper", scope="admin")


class Reaper(Periodic):
    """Looks for passed leases every beat."""

    def __init__(self, installation: Installation) -> None:
        super().__init__("reaper", every_s=installation.settings.beat_s)
        self._installation = installation

    def look(self) -> None:
        """Gives back what was lost since the last look."""
        sweep(self._installation)


def sweep(installation: Installation) -> None:
    """Takes every run whose lease passed from its attempt, each in its own transaction."""
    with installation.database.read() as session:
        running = runs.running(session)
    expired = installation.leases.give_up_expired(running)
    for run_id, (attempt, step) in expired.items():
        try:
            _give_back(installation, run_id, attempt, step=step)
        except Exception:  # outermost for this run: the others are still given back
            LOG.exception("run %s could not be given back", run_id)


def _give_back(installation: Installation, run_id: str, attempt: int, *, step: int) -> None:
    with installation.database.write() as session, session.begin():
        work = UnitOfWork(
            session=session,
            installation=installation,
            principal=REAPER,
            now=installation.clock.now(),
        )
        recovery.return_lost(work, run_id, attempt, step=step)
