"""A table of production trainings as it is read: every wrong cell of it is told, with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isinf, isnan
from pathlib import Path

from backend.imports.day_times import day_times
from backend.imports.table_text import Chunk, TableText, chunks, numbers, open_table, wrong_cell
from planner.decisions.production_result import ProductionResult
from planner.decisions.result_rows import MOST_TRAININGS, FileTraining, RowRefusal, refused_at
from planner.decisions.results_mapping import ResultsMapping, TrainingColumns
from planner.economics.cost import SECONDS_PER_HOUR
from planner.imports.mapping import SECONDS, TimestampColumn
from planner.money import Money
from planner.refusal import Refusal, require

YES = frozenset({"true", "yes", "y", "1", "reached", "はい", "達成"})
NO = frozenset({"false", "no", "n", "0", "missed", "failed", "いいえ", "未達"})
"""Without regard to case."""


def trainings_of_table(path: Path, mapping: ResultsMapping) -> list[FileTraining]:
    """Every row of a table; one with a wrong cell says so, and stands in no other row's way.

    Args:
        path: Of the file.
        mapping: With every question answered.

    Raises:
        Refusal: The file is no table, lacks a column, or has too many rows.
    """
    columns = mapping.trainings
    if columns is None:
        raise AssertionError("the mapping is that of a log")
    table = open_table(path)
    for name in columns.columns:
        require(name in table.header, "file", "import_column_unknown", column=name)
    found: list[FileTraining] = []
    for line, row in _rows(table):
        found.append(_training(_Row(table, row), columns, mapping, line))
        few = len(found) <= MOST_TRAININGS
        require(few, "file", "results_too_many", most=MOST_TRAININGS)
    require(bool(found), "file", "import_empty")
    return found


def _rows(table: TableText) -> Iterator[tuple[int, Chunk]]:
    """Row by row, so that each is read, or refused, for itself."""
    for chunk in chunks(table):
        for line, cells in zip(chunk.lines, zip(*chunk.cells, strict=True), strict=True):
            yield line, Chunk(lines=(line,), cells=[(cell,) for cell in cells])


@dataclass
class _Row:
    """One row, and what of it is refused."""

    table: TableText
    row: Chunk
    refusals: list[RowRefusal] = field(default_factory=list)

    def refuse(self, column: str, refusal: Refusal) -> None:
        self.refusals.append(refused_at(refusal, column))

    def wrong(self, column: str) -> None:
        self.refuse(column, wrong_cell(self.row.lines[0], column, self.text(column)))

    def text(self, column: str) -> str:
        cell: str = self.row.cells[self.table.header.index(column)][0]
        return cell.strip()

    def said(self, column: str) -> str:
        """The text of a cell that may not be empty."""
        text = self.text(column)
        if not text:
            self._empty(column)
        return text

    def number(self, column: str, *, may_be_empty: bool = False) -> float | None:
        """A finite number; None where there is none."""
        try:
            value = float(numbers(self.table, self.row, column)[0])
        except Refusal as refusal:
            self.refuse(column, refusal)
            return None
        if isinf(value):
            self.wrong(column)
            return None
        if isnan(value):
            if not may_be_empty:
                self._empty(column)
            return None
        return value

    def moment_s(self, said: TimestampColumn) -> float | None:
        """A time of day, in seconds since 1970."""
        if said.form != "iso8601":
            value = self.number(said.column)
            return value if value is None or said.form == "unix_seconds" else value / 1e3
        try:
            value = float(day_times(self.table, self.row, said)[0])
        except Refusal as refusal:
            self.refuse(said.column, refusal)
            return None
        if isnan(value):
            self._empty(said.column)
            return None
        return value

    def yes(self, column: str) -> bool | None:
        text = self.said(column).lower()
        if text and text not in YES | NO:
            self.wrong(column)
        return None if text not in YES | NO else text in YES

    def _empty(self, column: str) -> None:
        line = self.row.lines[0]
        self.refuse(column, Refusal("", "results_cell_empty", line=line, column=column))


def _training(
    row: _Row, columns: TrainingColumns, mapping: ResultsMapping, line: int
) -> FileTraining:
    schedule = row.said(columns.schedule)
    hours = _hours(row, columns)
    day = _day(row, columns, hours)
    devices = _devices(row, columns)
    cost = _cost(row, columns)
    reached = row.yes(columns.reached)
    name = row.text(columns.id) if columns.id else ""
    if columns.id and not name:
        row.said(columns.id)
    result = None
    if not row.refusals and day and hours is not None and devices is not None:
        try:
            result = ProductionResult(
                day=day,
                training_h=hours,
                device_h=hours * devices if cost is None else None,
                cost=cost,
                reached=bool(reached),
            )
        except Refusal as refusal:
            row.refuse(mapping.columns.get(refusal.field.partition(".")[0], ""), refusal)
    return FileTraining(
        line=line, name=name, schedule=schedule, result=result, refusals=tuple(row.refusals)
    )


def _hours(row: _Row, columns: TrainingColumns) -> float | None:
    value = row.number(columns.duration.column)
    if value is None:
        return None
    return value * SECONDS[columns.duration.unit or "hours"] / SECONDS_PER_HOUR


def _day(row: _Row, columns: TrainingColumns, hours: float | None) -> str | None:
    """ISO date in UTC on which a training ended; None where that is not known."""
    started_s = row.moment_s(columns.started)
    if started_s is None or hours is None:
        return None
    day = day_of(started_s + hours * SECONDS_PER_HOUR)
    if day is None:
        row.wrong(columns.started.column)
    return day


def day_of(moment_s: float) -> str | None:
    """ISO date in UTC of a moment in seconds since 1970; None outside the calendar."""
    try:
        return datetime.fromtimestamp(moment_s, tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _devices(row: _Row, columns: TrainingColumns) -> float | None:
    if columns.devices is None:
        return columns.device_count
    value = row.number(columns.devices)
    if value is not None and (value < 1 or not value.is_integer()):
        row.wrong(columns.devices)
        return None
    return value


def _cost(row: _Row, columns: TrainingColumns) -> Money | None:
    if columns.cost is None or columns.cost.currency is None:
        return None
    amount = row.number(columns.cost.column, may_be_empty=True)
    return None if amount is None else Money(amount=amount, currency=columns.cost.currency)
