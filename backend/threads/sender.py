"""The thread that sends what waits for the webhook, and tries again what did not arrive."""

import logging

from sqlalchemy.orm import Session

from backend.access.security import Principal
from backend.repositories import deliveries
from backend.services import outbox, webhooks
from backend.threads.periodic import Periodic
from backend.unit_of_work import Installation, UnitOfWork
from backend.webhook.network import Network
from backend.webhook.post import Answer, post

LOG = logging.getLogger(__name__)

SENDER = Principal(name="sender", scope="admin")

WAITS_S = (10.0, 60.0, 300.0, 1800.0, 7200.0)
"""Between two tries; after a start of the API everything that waits is tried at once."""


class Sender(Periodic):
    """Looks for something to send every beat."""

    def __init__(self, installation: Installation, network: Network) -> None:
        super().__init__("sender", every_s=installation.settings.beat_s)
        self._installation = installation
        self._network = network
        self._tried: dict[int, int] = {}
        self._due_s: dict[int, float] = {}

    def look(self) -> None:
        """Sends everything that waits and is due, oldest first."""
        for number in waiting(self._installation):
            if self.stopped.is_set():
                return
            if self._installation.clock.monotonic_s() >= self._due_s.get(number, 0.0):
                self._send(number)

    def _send(self, number: int) -> None:
        """One try; the wait before the next is noted first, whatever happens in this one."""
        tried = self._tried.get(number, 0)
        wait_s = WAITS_S[min(tried, len(WAITS_S) - 1)]
        self._tried[number] = tried + 1
        self._due_s[number] = self._installation.clock.monotonic_s() + wait_s
        try:
            again = send(self._installation, self._network, number)
        except Exception:  # outermost for this delivery: the others are still sent
            LOG.exception("delivery %s could not be sent", number)
            return
        if not again:
            del self._tried[number], self._due_s[number]


def waiting(installation: Installation) -> list[int]:
    """Numbers of all that is still to be sent."""
    with installation.database.read() as session:
        return list(deliveries.waiting(session))


def send(installation: Installation, network: Network, number: int) -> bool:
    """Sends one delivery and keeps how that went; whether it is to be tried again.

    It is sent outside of any transaction. Whoever dies between both sends it again: it arrives at
    least once, and its number tells the receiver that it was there before.
    """
    with installation.database.read() as session:
        message = webhooks.message_for(_work(installation, session), number)
    if message is None:
        return False
    if message.headers is None:
        answer = Answer(result="secret_lost")
    else:
        answer = post(message.url, message.headers, message.body, network)
    with installation.database.write() as session, session.begin():
        again = outbox.note(_work(installation, session), number, answer)
    LOG.info("delivery %s: %s", number, answer.result)
    return again


def _work(installation: Installation, session: Session) -> UnitOfWork:
    return UnitOfWork(
        session=session,
        installation=installation,
        principal=SENDER,
        now=installation.clock.now(),
    )
