"""What a file of another program holds, before anything of it is imported."""

from dataclasses import dataclass
from typing import Literal

from planner.imports.logged_run import LoggedEnd, SourceFormat
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import Question

LogForm = Literal[
    "csv",
    "json",
    "mlflow_files",
    "mlflow_database",
    "tensorboard",
    "wandb_offline",
    "dawnbench",
]
"""How a file is written; several may come from one program."""

ColumnKind = Literal["column", "name", "fact"]
"""A column of a table, a name that a log gives values to, or what holds for a whole run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundColumn:
    """One thing that a log says.

    Attributes:
        name: As a mapping names it.
        kind: Where it comes from.
        sample: Its first value, as written; empty where the first rows say none.
    """

    name: str
    kind: ColumnKind
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRun:
    """One run of a log.

    Attributes:
        name: As its source calls it.
        rows: Values or rows that were logged of it.
        ended: How its source says it ended.
        cut_off: Whether its log ends in the middle of a record; all before it is read.
    """

    name: str
    rows: int
    ended: LoggedEnd = "unknown"
    cut_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a file holds, and what must be told before it can be read.

    Attributes:
        source: The program that it comes from, as far as the file shows it.
        form: How it is written.
        columns: All that a mapping can name.
        first_rows: The first rows as written, each with the texts of the leading `columns`.
        runs: All runs; in a table without a column of runs, one by the file's name.
        suggested: What well-known names say; units that only their owner knows are left open.
        asked: What `suggested` leaves open.
    """

    source: SourceFormat
    form: LogForm
    columns: tuple[FoundColumn, ...]
    first_rows: tuple[tuple[str, ...], ...]
    runs: tuple[FoundRun, ...]
    suggested: ColumnMapping
    asked: tuple[Question, ...]

    @property
    def cut_off(self) -> tuple[str, ...]:
        """Names of the runs whose log is cut off."""
        return tuple(run.name for run in self.runs if run.cut_off)
