"""What a file of another program holds, and its runs under a mapping.

Files lie on this computer's disk: an upload is spooled there first. Memory is bounded by what
`backend.imports.gathered` holds at most, whatever the size of the file.
"""

from collections.abc import Iterator
from pathlib import Path

from backend.imports.csv_look import look_at_csv
from backend.imports.csv_runs import csv_runs
from backend.imports.text_lines import Progress
from planner.imports.assembled_run import assembled
from planner.imports.logged_run import LoggedRun
from planner.imports.look import Look
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import check_answered
from planner.refusal import require


def look(path: Path, mapping: ColumnMapping | None = None, *, name: str | None = None) -> Look:
    """What a file or folder holds, and what must be told before it can be read.

    Args:
        path: Of the file or folder.
        mapping: Under which runs are counted; None for the suggested one.
        name: As the person who brings it calls the file; None for the path's own.

    Raises:
        Refusal: It is none of the known formats, or broken; where is said.
    """
    return look_at_csv(path, mapping, name=_stem(path, name))


def read(
    path: Path,
    mapping: ColumnMapping,
    progress: Progress | None = None,
    *,
    name: str | None = None,
) -> Iterator[LoggedRun]:
    """Runs of a file or folder, one after the other; those that never reach anything are kept.

    Args:
        path: Of the file or folder.
        mapping: What its columns say.
        progress: Called with the bytes that are read and those of all.
        name: As the person who brings it calls the file; None for the path's own.

    Raises:
        Refusal: The mapping leaves a question open, or the file is not what it says.
    """
    check_answered(mapping)
    found = 0
    for table in csv_runs(path, mapping, name=_stem(path, name), progress=progress):
        run = assembled(table, mapping)
        if run is not None:
            found += 1
            yield run
    require(found > 0, "file", "import_no_steps", column=mapping.place_column)


def _stem(path: Path, name: str | None) -> str:
    return Path(name or path.name).stem or "run"
