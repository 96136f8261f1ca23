"""The thread that gives lost runs back to the queue."""

import logging
import threading

from backend.repositories import runs
from backend.security import Principal
from backend.services import recovery
from backend.unit_of_work import Installation, UnitOfWork

LOG = logging.getLogger(__name__)

REAPER = Principal(name="reaper", scope="admin")


class Reaper:
    """Looks for passed leases every beat until it is stopped."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="reaper", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the sweep that is going on."""
        self._stopped.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._stopped.wait(self._installation.settings.beat_s):
            try:
                sweep(self._installation)
            except Exception:  # outermost loop of the thread: the next sweep tries again
                LOG.exception("sweep failed")


def sweep(installation: Installation) -> None:
    """Takes every run whose lease passed from its attempt, each in its own transaction."""
    with installation.database.read() as session:
        running = runs.running(session)
    expired = installation.leases.give_up_expired(running)
    for run_id, (attempt, step) in expired.items():
        with installation.database.write() as session, session.begin():
            work = UnitOfWork(
                session=session,
                installation=installation,
                principal=REAPER,
                now=installation.clock.now(),
            )
            recovery.return_lost(work, run_id, attempt, step=step)
