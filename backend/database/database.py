"""One writer, many readers, one transaction a unit of work: the same in every kind of database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from backend.database.watching import Watcher, watch

READERS = 48
"""More than the 40 threads that serve requests, so that a reader never waits for another."""


class Database:
    """Sessions on one database.

    Writers queue for the only writing connection, so that what they read is still true when they
    commit. Readers see one snapshot.

    Args:
        unhurried: Lifts, for a transaction that has just begun, the limits that requests have.
    """

    def __init__(
        self,
        *,
        writer: Engine,
        readers: Engine,
        busy_s: float,
        unhurried: Callable[[Connection], None] = lambda _: None,
    ) -> None:
        self.busy_s = busy_s
        self._unhurried = unhurried
        self._writer = writer
        self._readers = readers

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._writer.dialect.name

    def write(self) -> Session:
        """A session that can write; nobody else writes from its first statement to its commit."""
        return Session(self._writer, expire_on_commit=False)

    def read(self) -> Session:
        """A session that sees one snapshot and cannot write."""
        return Session(self._readers, expire_on_commit=False)

    def watch(self, watcher: Watcher) -> None:
        """Tells a watcher of every change, before it is made."""
        watch(self._writer, watcher)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """The writing connection in one transaction as long as need be: migrations, transfers."""
        with self._writer.begin() as connection:
            self._unhurried(connection)
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading connection that sees one snapshot as long as need be, to copy all of it."""
        with self._readers.begin() as connection:
            self._unhurried(connection)
            yield connection

    def hold(self) -> None:
        """Takes the lock of the only writer anew where it was lost with its connection.

        Raises:
            Refusal: Another API has it.
        """
        if self.kind == "postgresql":
            with suppress(PoolTimeoutError):  # whoever uses it holds it
                self._writer.connect().close()

    def close(self) -> None:
        """Gives every connection back; a SQLite file is then whole without its log."""
        self._readers.dispose()
        self._writer.dispose()
