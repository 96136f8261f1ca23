"""Entries of DAWNBench: a table of epoch, hours and accuracies, and JSON beside it that tells more.

The table is ``epoch, hours, top1Accuracy, top5Accuracy`` in tabs, hours from the start of training
(github.com/stanford-futuredata/dawn-bench-entries); the JSON of the same name holds author, model,
hardware and the like.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from backend.imports.csv_runs import csv_runs
from backend.imports.table_text import open_table
from backend.imports.text_lines import Progress
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import ColumnMapping, ElapsedColumn, EpochColumn
from planner.refusal import Refusal

COLUMNS = ("epoch", "hours")
LARGEST_JSON_BYTES = 2**18

MAPPING = ColumnMapping(
    epoch=EpochColumn(column="epoch", meaning="done"),
    elapsed=ElapsedColumn(column="hours", unit="hours"),
)
"""What the format says; training samples and batch it does not."""


def is_dawnbench(path: Path) -> bool:
    """Whether a text file is such a table."""
    try:
        table = open_table(path)
    except Refusal:
        return False
    names = table.header
    return names[:2] == COLUMNS and len(names) > 2 and all("ccuracy" in one for one in names[2:])


def dawnbench_runs(
    files: Sequence[Path], mapping: ColumnMapping, progress: Progress | None = None
) -> Iterator[LoggedTable]:
    """A run a table.

    Raises:
        Refusal: A table or its description is broken; the line is said.
    """
    for file in files:
        facts = described(file)
        for table in csv_runs(file, mapping, name=file.stem, source="dawnbench", progress=progress):
            yield replace(table, facts=facts)


def described(table: Path) -> Mapping[str, str]:
    """What the JSON beside a table says; nothing where there is none."""
    path = table.with_suffix(".json")
    if not path.is_file() or path.stat().st_size > LARGEST_JSON_BYTES:
        return {}
    try:
        found = json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        raise Refusal("file", "import_member_broken", name=path.name, line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise Refusal("file", "import_member_broken", name=path.name, line=1) from error
    if not isinstance(found, dict):
        raise Refusal("file", "import_member_broken", name=path.name, line=1)
    return {f"tag.{key}": str(value) for key, value in found.items()}
