"""Every row of one database into another, of whichever kinds, checked before anything counts."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    Table,
    func,
    insert,
    inspect,
    select,
)

from backend.database.database import Database
from backend.tables import Base
from planner.refusal import require

_ROWS_AT_ONCE = 200
"""Chunks of series are some kilobytes each."""

_OF_MIGRATIONS = "alembic_version"

_LARGEST_SUM = 2**128


def transfer(source: Database, target: Database) -> dict[str, int]:
    """Copies one snapshot in one transaction; either everything is there afterwards or nothing.

    Args:
        source: At the schema of this version or an older one; it is only read.
        target: At the same schema, with empty tables.

    Returns:
        Number of rows by table.

    Raises:
        Refusal: The target has rows.
        RuntimeError: What was read back is not what was written.
    """
    with source.snapshot() as reading, target.connection() as writing:
        tables = _tables_of(reading, frozenset(inspect(writing).get_table_names()))
        for table in tables:
            taken = writing.scalar(select(func.count()).select_from(table))
            require(not taken, "database_url", "database_not_empty", table=table.name)
        return {table.name: _copied(reading, writing, table) for table in tables}


def _tables_of(reading: Connection, wanted: frozenset[str]) -> list[Table]:
    """Tables as the database has them, with the types that this version reads them by.

    What this version does not have any more is read by the type that the database states. What is
    not wanted is not ours: an extension of PostgreSQL may keep tables beside them.
    """
    there = MetaData()
    there.reflect(reading, only=lambda name, _: name in wanted - {_OF_MIGRATIONS})
    known, kept = Base.metadata.tables, MetaData()
    for table in there.sorted_tables:
        now = dict(known[table.name].columns) if table.name in known else {}
        columns = [
            Column(
                one.name,
                now[one.name].type if one.name in now else one.type,
                primary_key=one.primary_key,
            )
            for one in table.columns
        ]
        Table(table.name, kept, *columns)
    return list(kept.tables.values())


def _copied(reading: Connection, writing: Connection, table: Table) -> int:
    """Number of rows of a table, which are now in both."""
    for rows in _batches(reading, table):
        writing.execute(insert(table), [dict(row._mapping) for row in rows])
    number = _own_number(table)
    if number is not None and writing.dialect.name == "postgresql":
        _count_on(writing, table, number)
    before, after = _digest(reading, table), _digest(writing, table)
    if before != after:
        message = f"{table.name} was not copied whole"
        raise RuntimeError(message)
    return before[0]


def _batches(connection: Connection, table: Table) -> Iterator[list[Row[Any]]]:
    found = connection.execute(select(table), execution_options={"yield_per": _ROWS_AT_ONCE})
    yield from (list(rows) for rows in found.partitions())


def _digest(connection: Connection, table: Table) -> tuple[int, int]:
    """Number of rows, and a sum of their hashes that no order changes."""
    count, total = 0, 0
    for rows in _batches(connection, table):
        for row in rows:
            hashed = hashlib.sha256(repr(tuple(row)).encode()).digest()
            total = (total + int.from_bytes(hashed[:16])) % _LARGEST_SUM
            count += 1
    return count, total


def _own_number(table: Table) -> Column[Any] | None:
    """The column that the database itself numbers rows by, where there is one."""
    column = table.autoincrement_column
    return column if column is not None and isinstance(column.type, Integer) else None


def _count_on(writing: Connection, table: Table, column: Column[Any]) -> None:
    """PostgreSQL numbers the next row after the last of these."""
    last = writing.scalar(select(func.max(column)))
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        writing.execute(select(func.setval(sequence, last)))
