"""The thread that gives lost runs back to the queue, and those that a past month stopped."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from backend.access.security import Principal
from backend.repositories import runs
from backend.services import cap_terms, recovery
from backend.threads.periodic import Periodic
from backend.unit_of_work import Installation, UnitOfWork

LOG = logging.getLogger(__name__)

REAPER = Principal(name="reaper", scope="admin")


class Reaper(Periodic):
    """Looks for passed leases, and for a month that has begun, every beat."""

    def __init__(self, installation: Installation) -> None:
        super().__init__("reaper", every_s=installation.settings.beat_s)
        self._installation = installation

    def look(self) -> None:
        """Gives back what was lost, or need not wait any longer, since the last look."""
        self._installation.database.hold()
        sweep(self._installation, every_s=self._installation.settings.beat_s)
        begin_month(self._installation)


def sweep(installation: Installation, *, every_s: float | None = None) -> None:
    """Takes every run whose lease passed from its attempt, each in its own transaction.

    Args:
        installation: Whose runs.
        every_s: Pause between two calls; None for a single one.
    """
    with installation.database.read() as session:
        running = runs.running(session)
    expired = installation.leases.give_up_expired(running, every_s=every_s)
    for run_id, (attempt, step) in expired.items():
        try:
            _give_back(installation, run_id, attempt, step=step)
            installation.instruments.count("leases_lost")
        except Exception:  # outermost for this run: the others are still given back
            LOG.exception("run %s could not be given back", run_id)


def begin_month(installation: Installation) -> None:
    """Queues what the caps of a past month stopped; writes only where there is anything."""
    with installation.database.read() as session:
        waiting = cap_terms.stopped_by_past_month(session, installation.clock.now())
    if waiting:
        with _writing(installation) as work:
            cap_terms.begin_month(work)


def _give_back(installation: Installation, run_id: str, attempt: int, *, step: int) -> None:
    with _writing(installation) as work:
        recovery.return_lost(work, run_id, attempt, step=step)


@contextmanager
def _writing(installation: Installation) -> Iterator[UnitOfWork]:
    """One transaction of the reaper's own."""
    with installation.database.write() as session, session.begin():
        yield UnitOfWork(
            session=session,
            installation=installation,
            principal=REAPER,
            now=installation.clock.now(),
        )
