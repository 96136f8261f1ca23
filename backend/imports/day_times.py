"""Times of day as they are written, in seconds since 1970."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from backend.imports.table_text import UNSAID, Chunk, TableText, wrong_cell
from planner.imports.logged_run import Values
from planner.imports.logged_table import NOT_SAID
from planner.imports.mapping import TimestampColumn
from planner.refusal import Refusal


def day_times(table: TableText, chunk: Chunk, said: TimestampColumn) -> Values:
    """A column of ISO 8601 times.

    Raises:
        Refusal: A cell is no such time, or one without an offset whose time zone nobody said.
    """
    zone = time_zone(said.time_zone)
    values = np.empty(len(chunk.lines))
    for place, cell in enumerate(chunk.cells[table.header.index(said.column)]):
        text = cell.strip()
        if text in UNSAID:
            values[place] = NOT_SAID
            continue
        line = chunk.lines[place]
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise wrong_cell(line, said.column, cell) from error
        if at.tzinfo is None:
            if zone is None:
                code = "import_time_zone_missing"
                raise Refusal("timestamp.time_zone", code, column=said.column, line=line)
            at = at.replace(tzinfo=zone)
        values[place] = at.timestamp()
    return values


def time_zone(name: str | None) -> tzinfo | None:
    """The zone of a name such as ``UTC`` or ``Asia/Tokyo``.

    Raises:
        Refusal: There is no such zone.
    """
    if name is None or name == "UTC":
        return None if name is None else UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise Refusal("timestamp.time_zone", "import_time_zone_unknown", name=name[:40]) from error
