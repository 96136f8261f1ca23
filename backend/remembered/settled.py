"""What was worked out of pilots that are over, forgotten as soon as anything it rests on changes.

Only this process writes the database, through one writing connection, so every change is seen
here: a row of work names its pilot or its run; any other change of what a review reads makes all
be worked out anew. What was read of one moment is kept only if nothing of it changed since.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_MEASUREMENTS = 60_000
"""Of all that is kept together, some tens of megabytes; what was asked for longest ago leaves."""

MOST_CHANGED = 10_000
"""Ids of changed rows that are remembered; beyond that, everything counts as changed."""

WORK = frozenset({"attempts", "chunks", "pilots", "runs"})
"""Tables whose rows name the pilot or the run that they are of."""

BESIDE = frozenset(
    {
        *("audit_entries", "checkpoints", "claims", "deliveries", "drafts", "idempotency_keys"),
        *("log_chunks", "notification_readers", "notifications", "people", "report_files"),
        *("reports", "sign_ins", "snapshots", "tokens", "views", "webhooks", "workers"),
    }
)
"""Tables that no review reads."""

_ID_LENGTH = 32
_NOTHING: frozenset[str] = frozenset()

Key = tuple[str, str]
"""A pilot, and what was worked out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was worked out.

    Attributes:
        ids: Of the pilot and its runs.
        measurements: How many it holds, which says how much memory.
        seen: The moment that it was read of.
    """

    value: object
    ids: frozenset[str]
    measurements: int
    seen: int


class Settled:
    """What is known of pilots that are over, as long as nothing changed that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Key, _Kept] = {}
        self._measurements = 0
        self._moment = 0
        self._all_changed = 0
        self._changed: dict[str, int] = {}
        self._changing: set[str] = set()
        self._all_changing = False

    @property
    def moment(self) -> int:
        """Read before the first query; nothing that was read can be older."""
        return self._moment

    def find(self, key: Key, *, seen: int) -> object | None:
        """What is known, unless it was read of a later moment than this reader's."""
        with self._lock:
            found = self._kept.pop(key, None)
            if found is None:
                return None
            self._kept[key] = found
            return found.value if found.seen <= seen else None

    def keep(
        self, key: Key, value: object, *, ids: Iterable[str], measurements: int, seen: int
    ) -> None:
        """Keeps what was worked out of the database as it was at a moment or later."""
        new = _Kept(value=value, ids=frozenset(ids), measurements=measurements, seen=seen)
        with self._lock:
            if self._is_stale(new) or measurements > MOST_MEASUREMENTS:
                return
            self._drop(key)
            self._kept[key] = new
            self._measurements += measurements
            while self._measurements > MOST_MEASUREMENTS:
                self._drop(next(iter(self._kept)))

    def _is_stale(self, new: _Kept) -> bool:
        if self._all_changing or self._all_changed > new.seen or self._changing & new.ids:
            return True
        return any(self._changed.get(one, 0) > new.seen for one in new.ids)

    def _drop(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        self._measurements -= 0 if gone is None else gone.measurements

    def before_change(self, table: str, parameters: Any, context: Any) -> None:  # noqa: ANN401
        """Forgets what rests on the rows that a statement may change."""
        ids = _changed_by(table, parameters, deletes=context.isdelete)
        if ids is None or ids:
            with self._lock:
                self._change(ids)

    def after_absence(self) -> None:
        """Forgets everything: this may be another database, or come after another API's."""
        with self._lock:
            self._moment += 1
            self._forget()

    def after_transaction(self) -> None:
        """What was changed has changed now, for whoever reads from here on."""
        if self._changing or self._all_changing:
            with self._lock:
                self._change(None if self._all_changing else frozenset(self._changing))
                self._changing, self._all_changing = set(), False

    def _change(self, ids: frozenset[str] | None) -> None:
        """Rows of these ids change, or did; None for any row."""
        self._moment += 1
        if ids is None or len(self._changed) > MOST_CHANGED:
            self._forget()
        if ids is None:
            self._all_changing = True
            return
        self._changing |= ids
        self._changed.update(dict.fromkeys(ids, self._moment))
        for key in [key for key, kept in self._kept.items() if not ids.isdisjoint(kept.ids)]:
            self._drop(key)

    def _forget(self) -> None:
        """Nothing that was read before this moment counts any longer."""
        self._all_changed = self._moment
        self._changed.clear()
        self._kept.clear()
        self._measurements = 0


def _changed_by(table: str, parameters: Any, *, deletes: bool) -> frozenset[str] | None:  # noqa: ANN401
    """Ids of the pilots and runs that a statement may change; None for any of them."""
    if table in BESIDE:
        return _NOTHING
    if table not in WORK or deletes:
        return None
    return _ids_in(parameters) or None


def _ids_in(parameters: Any) -> frozenset[str]:  # noqa: ANN401  # the driver's own
    """Every text as long as an id, of one row or of many."""
    rows = parameters if isinstance(parameters, list) else [parameters]
    return frozenset(
        value
        for row in rows
        for value in (row.values() if isinstance(row, Mapping) else row)
        if isinstance(value, str) and len(value) == _ID_LENGTH
    )
