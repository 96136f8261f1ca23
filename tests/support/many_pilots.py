"""A database of many pilots: one that went through the API, copied row by row."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from backend.database import Database
from backend.tables import AttemptRow, Base, ChunkRow, PilotRow, RunRow

Row = dict[str, Any]

APART = timedelta(minutes=7)
"""Time between two pilots, so that a list has an order."""


def multiply(database: Database, pilot_id: str, *, copies: int) -> list[str]:
    """Copies a pilot with its runs, attempts and series; each copy is older than the one before.

    Returns:
        The identifiers of the copies, newest first.
    """
    with database.write() as session, session.begin():
        rows = _rows_of(session, pilot_id)
        made = [_copy(rows, number) for number in range(1, copies + 1)]
        for kind in rows:
            session.execute(insert(kind), [row for copy in made for row in copy[kind]])
    return [copy[PilotRow][0]["id"] for copy in made]


def _rows_of(session: Session, pilot_id: str) -> dict[type[Base], list[Row]]:
    runs = select(RunRow.id).where(RunRow.pilot_id == pilot_id)
    chosen: dict[type[Base], Select[Any]] = {
        PilotRow: select(PilotRow).where(PilotRow.id == pilot_id),
        RunRow: select(RunRow).where(RunRow.pilot_id == pilot_id),
        AttemptRow: select(AttemptRow).where(AttemptRow.run_id.in_(runs)),
        ChunkRow: select(ChunkRow).where(ChunkRow.run_id.in_(runs)),
    }
    return {
        kind: [values_of(row) for row in session.scalars(wanted)] for kind, wanted in chosen.items()
    }


def values_of(row: Base) -> Row:
    """Every column of a row."""
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


def _copy(rows: dict[type[Base], list[Row]], number: int) -> dict[type[Base], list[Row]]:
    """One copy under new names; every moment of it lies earlier."""
    names = {row["id"]: uuid4().hex for kind in (PilotRow, RunRow) for row in rows[kind]}
    named = ("id", "pilot_id", "run_id")
    copied = {
        kind: [
            {
                column: _moved(names.get(value, value) if column in named else value, number)
                for column, value in row.items()
            }
            for row in found
        ]
        for kind, found in rows.items()
    }
    for pilot in copied[PilotRow]:
        pilot["pilot"] = pilot["pilot"] | {"name": f"{pilot['pilot']['name']} {number}"}
    for attempt in copied[AttemptRow]:
        attempt["token_hash"] = uuid4().hex
    return copied


def _moved(value: object, number: int) -> object:
    return value - number * APART if isinstance(value, datetime) else value
