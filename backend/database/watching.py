"""What the one writing connection changes, told to whoever keeps in memory what was read."""

from typing import Any, Protocol

from sqlalchemy import Engine, event

ANY_TABLE = "*"
"""Of a statement that was written by hand: it may change whatever there is."""

_CHANGING = frozenset({"DELETE", "INSERT", "REPLACE", "UPDATE", "WITH"})


class Watcher(Protocol):
    """Keeps what was read until it changes."""

    def before_change(self, table: str, parameters: Any, context: Any) -> None:  # noqa: ANN401
        """A statement is about to change a table, or `ANY_TABLE`.

        Args:
            table: Its name.
            parameters: Of one row or of many, as the driver takes them.
            context: SQLAlchemy's own, of the statement.
        """

    def after_transaction(self) -> None:
        """The writing connection was given back: what was changed counts, or never happened."""

    def after_absence(self) -> None:
        """There is a new writing connection; before it another API may have written."""


class Changes:
    """Counts what changes: before it does, and once it did."""

    def __init__(self) -> None:
        self.count = 0

    def before_change(self, table: str, parameters: Any, context: Any) -> None:  # noqa: ANN401, ARG002
        """A statement is about to change something."""
        self.count += 1

    def after_transaction(self) -> None:
        """It changed, or did not."""
        self.count += 1

    def after_absence(self) -> None:
        """Another may have written."""
        self.count += 1


def watch(writer: Engine, watcher: Watcher) -> None:
    """Tells a watcher of everything that the writing connection does."""

    def before(*told: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own
        _, _, statement, parameters, context, _ = told
        table = _changed_table(statement, context)
        if table is not None:
            watcher.before_change(table, parameters, context)

    event.listen(writer, "before_cursor_execute", before)
    event.listen(writer, "checkin", lambda *_: watcher.after_transaction())
    event.listen(writer, "connect", lambda *_: watcher.after_absence())


def _changed_table(statement: str, context: Any) -> str | None:  # noqa: ANN401  # SQLAlchemy's own
    """The table that a statement changes; None for one that changes nothing."""
    if context.isinsert or context.isupdate or context.isdelete:
        return str(context.compiled.compile_state.dml_table.name)
    word = statement.lstrip().partition(" ")[0].upper()
    return ANY_TABLE if word in _CHANGING else None
