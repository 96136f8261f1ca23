"""When credentials were last used: noted in memory, written down at most once an hour each."""

import threading
from datetime import datetime, timedelta

from backend.database import Database
from backend.repositories import tokens
from backend.threads.periodic import Periodic

EXACT_TO = timedelta(hours=1)
WRITTEN_EVERY_S = 60.0


class Uses:
    """Uses that are not written down yet; threads share them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[str, datetime] = {}

    def note(self, token_id: str, *, written: datetime | None, now: datetime) -> None:
        """Remembers a use, unless one of the last hour is written down."""
        if written is None or now - written >= EXACT_TO:
            with self._lock:
                self._noted[token_id] = now

    def take(self) -> dict[str, datetime]:
        """What is to be written down; it is forgotten here."""
        with self._lock:
            noted, self._noted = self._noted, {}
        return noted


class UsesWriter(Periodic):
    """Writes uses down; requests themselves only read."""

    def __init__(self, uses: Uses, database: Database) -> None:
        super().__init__("uses", every_s=WRITTEN_EVERY_S)
        self._uses = uses
        self._database = database

    def look(self) -> None:
        """Writes what was noted since the last look."""
        noted = self._uses.take()
        if noted:
            with self._database.write() as session, session.begin():
                tokens.note_uses(session, noted)
