"""The thread that keeps the verdict of finished pilots, so that a list of them is told fast."""

import logging
import threading

from sqlalchemy.orm import Session

from backend.repositories import pilots
from backend.security import Principal
from backend.services import summaries
from backend.unit_of_work import Installation, UnitOfWork

LOG = logging.getLogger(__name__)

JUDGE = Principal(name="judge", scope="admin")


class Judge:
    """Looks for finished pilots every beat until it is stopped."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="judge", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the pilot that is judged now."""
        self._stopped.set()
        self._thread.join()

    def _loop(self) -> None:
        given_up: set[str] = set()
        while not self._stopped.wait(self._installation.settings.beat_s):
            for pilot_id in not_judged(self._installation):
                if self._stopped.is_set():
                    return
                if pilot_id in given_up:
                    continue
                try:
                    judge(self._installation, pilot_id)
                except Exception:  # outermost loop of the thread: the others are still judged
                    LOG.exception("pilot %s could not be judged", pilot_id)
                    given_up.add(pilot_id)


def not_judged(installation: Installation) -> list[str]:
    """Finished pilots without a kept verdict."""
    with installation.database.read() as session:
        return pilots.not_judged(session)


def judge(installation: Installation, pilot_id: str) -> None:
    """Keeps the verdict of one finished pilot.

    The review is computed beside the requests; only its result waits for the others to write.
    """
    with installation.database.read() as session:
        found = summaries.verdict_of(_work(installation, session), pilot_id)
    with installation.database.write() as session, session.begin():
        summaries.keep_verdict(_work(installation, session), pilot_id, found)


def _work(installation: Installation, session: Session) -> UnitOfWork:
    return UnitOfWork(
        session=session,
        installation=installation,
        principal=JUDGE,
        now=installation.clock.now(),
    )
