"""Principals that were looked up already, forgotten as soon as who may do what changes.

Only this process writes the database, through one writing connection, so every change is seen
here: from the statement that changes anything but the work itself until its connection is given
back, every credential is looked up, and none is kept.
"""

import threading
from datetime import datetime
from typing import Any

from sqlalchemy import event

from backend.database import Database
from backend.security import Principal, hash_of

MOST = 4096
"""Far more than people, workers and attempts of a day; the oldest leave first."""

WORK = frozenset(
    {
        *("attempts", "audit_entries", "checkpoints", "chunks", "claims", "deliveries"),
        *("drafts", "idempotency_keys", "log_chunks", "notification_readers", "notifications"),
        *("pilots", "runs", "throughput_curves"),
    }
)
"""Tables that never change who somebody is, but for the credential of an attempt. A change of any
other table makes all be looked up."""

_CHANGING = frozenset({"DELETE", "INSERT", "REPLACE", "UPDATE", "WITH"})


class Principals:
    """Whom a credential stands for, as long as nobody changed that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Principal] = {}
        self._generation = 0
        self._changing = False

    def find(self, token: str, *, now: datetime) -> Principal | None:
        """The principal that is known for a credential, unless its time is over."""
        found = self._kept.get(hash_of(token))
        ended = found is not None and found.until is not None and found.until <= now
        return None if ended else found

    @property
    def generation(self) -> int:
        """Read before a look-up; what is found is kept only if nothing changed meanwhile."""
        return self._generation

    def keep(self, token: str, principal: Principal, *, generation: int) -> None:
        """Keeps what was found in the database."""
        with self._lock:
            if self._changing or generation != self._generation:
                return
            if len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[hash_of(token)] = principal

    def watch(self, database: Database) -> None:
        """Forgets everybody when a statement of the writing connection may concern anybody.

        So it does with every new writing connection: before it another API may have written.
        """
        with database.write() as session:
            writer = session.get_bind()
        event.listen(writer, "before_cursor_execute", self._before_statement)
        event.listen(writer, "checkin", self._after_transaction)
        event.listen(writer, "connect", self._after_absence)

    def _before_statement(self, *told: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own
        _, _, statement, _, context, _ = told
        if not self._changing and _concerns_somebody(statement, context):
            with self._lock:
                self._changing = True
                self._generation += 1
                self._kept.clear()

    def _after_absence(self, _: object, __: object) -> None:
        with self._lock:
            self._generation += 1
            self._kept.clear()

    def _after_transaction(self, _: object, __: object) -> None:
        if self._changing:
            with self._lock:
                self._changing = False
                self._generation += 1


def _concerns_somebody(statement: str, context: Any) -> bool:  # noqa: ANN401  # SQLAlchemy's own
    """Every change does but that of the work, and so does another credential of an attempt."""
    if not (context.isinsert or context.isupdate or context.isdelete):
        return statement.lstrip().partition(" ")[0].upper() in _CHANGING
    name = context.compiled.compile_state.dml_table.name
    if name != "attempts" or context.isinsert:
        return name not in WORK
    return context.isdelete or "token_hash" in context.compiled.binds
