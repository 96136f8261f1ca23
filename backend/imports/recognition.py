"""Which program wrote a file or folder, by what is in it and never by its name alone."""

import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from backend.imports import mlflow_database, mlflow_files, wandb_records
from backend.imports.dawnbench import is_dawnbench
from backend.imports.tensorboard_runs import FILE_NAME
from backend.imports.tf_records import HEAD_BYTES, is_tf_record
from planner.imports.look import LogForm
from planner.refusal import Refusal, require

MOST_FILES = 20_000
_START_BYTES = 64
_TABLES = (".csv", ".tsv", ".txt")
_JSON = (".json", ".jsonl", ".ndjson")

Found = LogForm | Literal["zip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is read, and how.

    Attributes:
        form: How it is written; a zip archive is unpacked first.
        path: The file or folder that was named.
        files: Files that are read, where there are several.
    """

    form: Found
    path: Path
    files: tuple[Path, ...] = ()


def recognised(path: Path) -> Source:
    """The form of a file, or of what a folder holds.

    Raises:
        Refusal: It is none of the known ones.
    """
    if path.is_dir():
        return _of_folder(path)
    require(path.is_file(), "file", "file_not_found")
    return Source(form=_of_file(path), path=path, files=(path,))


def _of_file(path: Path) -> Found:
    with path.open("rb") as stream:
        start = stream.read(_START_BYTES)
    require(bool(start), "file", "import_empty")
    if start.startswith(mlflow_database.MAGIC):
        return "mlflow_database"
    if start.startswith(b"PK") and zipfile.is_zipfile(path):
        return "zip"
    if start.startswith(wandb_records.MAGIC):
        return "wandb_offline"
    if is_tf_record(start[:HEAD_BYTES]):
        return "tensorboard"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return "json"
    return "dawnbench" if is_dawnbench(path) else "csv"


def _of_folder(folder: Path) -> Source:
    found = list(islice(folder.rglob("*"), MOST_FILES + 1))
    require(len(found) <= MOST_FILES, "file", "import_too_many_files", most=MOST_FILES)
    files = sorted(file for file in found if file.is_file() and not file.is_symlink())
    files = [file for file in files if not _is_beside(file.relative_to(folder))]
    if mlflow_files.run_folders(folder):
        return Source(form="mlflow_files", path=folder)
    events = tuple(file for file in files if FILE_NAME in file.name)
    if events:
        return Source(form="tensorboard", path=folder, files=events)
    offline = tuple(file for file in files if file.suffix == ".wandb")
    # Packing a folder copies what its link "latest-run" points at a second time.
    offline = tuple(file for file in offline if file.parent.name != "latest-run") or offline
    if offline:
        return Source(form="wandb_offline", path=folder, files=offline)
    return _of_tables(folder, files)


def _is_beside(file: Path) -> bool:
    """Whether macOS put a file beside the one that somebody packed, under the same name."""
    return file.name.startswith("._") or "__MACOSX" in file.parts


def _of_tables(folder: Path, files: list[Path]) -> Source:
    """DAWNBench's tables with what describes them, or a single file of another kind."""
    tables = [file for file in files if file.suffix.lower() in _TABLES]
    described = tuple(file for file in tables if is_dawnbench(file))
    if described:
        return Source(form="dawnbench", path=folder, files=described)
    alone = tables or [file for file in files if file.suffix.lower() in (*_JSON, ".db", ".sqlite")]
    require(len(alone) < 2, "file", "import_several_files", count=len(alone))
    if not alone:
        raise Refusal("file", "import_format_unknown")
    form = _of_file(alone[0])
    require(form != "zip", "file", "import_format_unknown")
    return Source(form=form, path=alone[0], files=(alone[0],))
