"""The thread that keeps the verdict of finished pilots, so that a list of them is told fast."""

import logging

from sqlalchemy.orm import Session

from backend.access.security import Principal
from backend.repositories import pilots
from backend.services import summaries
from backend.threads.periodic import Periodic
from backend.unit_of_work import Installation, UnitOfWork

LOG = logging.getLogger(__name__)

JUDGE = Principal(name="judge", scope="admin")


class Judge(Periodic):
    """Looks for finished pilots every beat."""

    def __init__(self, installation: Installation) -> None:
        super().__init__("judge", every_s=installation.settings.beat_s)
        self._installation = installation
        self._given_up: set[str] = set()

    def look(self) -> None:
        """Judges every finished pilot that has no verdict; one that cannot be judged, once."""
        for pilot_id in not_judged(self._installation):
            if self.stopped.is_set():
                return
            if pilot_id in self._given_up:
                continue
            try:
                judge(self._installation, pilot_id)
            except Exception:  # outermost for this pilot: the others are still judged
                LOG.exception("pilot %s could not be judged", pilot_id)
                self._given_up.add(pilot_id)


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
