"""Principals that were looked up already, forgotten as soon as who may do what changes.

Only this process writes the database, through one writing connection, so every change is seen
here: from the statement that changes anything but the work itself until its connection is given
back, every credential is looked up, and none is kept.
"""

import threading
from datetime import datetime
from typing import Any

from backend.access.security import Principal, hash_of

MOST = 4096
"""Far more than people, workers and attempts of a day; the oldest leave first."""

WORK = frozenset(
    {
        *("attempts", "audit_entries", "checkpoints", "chunks", "claims", "deliveries"),
        *("drafts", "idempotency_keys", "log_chunks", "notification_readers", "notifications"),
        *("pilots", "runs", "scaling_curves", "throughput_curves"),
    }
)
"""Tables that never change who somebody is, but for the credential of an attempt. A change of any
other table makes all be looked up."""


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

    def before_change(self, table: str, _: object, context: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own
        """Forgets everybody when a statement may concern anybody."""
        if not self._changing and _concerns_somebody(table, context):
            with self._lock:
                self._changing = True
                self._generation += 1
                self._kept.clear()

    def after_absence(self) -> None:
        """Forgets everybody: another API may have written."""
        with self._lock:
            self._generation += 1
            self._kept.clear()

    def after_transaction(self) -> None:
        """Keeps again who is found from now on."""
        if self._changing:
            with self._lock:
                self._changing = False
                self._generation += 1


def _concerns_somebody(table: str, context: Any) -> bool:  # noqa: ANN401  # SQLAlchemy's own
    """Every change does but that of the work, and so does another credential of an attempt."""
    if table != "attempts" or context.isinsert:
        return table not in WORK
    return context.isdelete or "token_hash" in context.compiled.binds
