"""What commands read and write: YAML or JSON in, JSON or CSV out."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

import yaml
from rich.console import Console
from rich.progress import Progress

from backend.documents.plain_yaml import SpelledOutLoader
from backend.wire.codec import decode
from backend.wire.problems import InputError, Problem
from wording.spreadsheet_cells import csv_line

Value = TypeVar("Value")

LARGEST_FILE_BYTES = 16 * 2**20


def read(kind: type[Value], path: Path) -> Value:
    """A value of ``kind`` from a YAML or JSON file.

    Raises:
        InputError: With every problem of the file, by field.
    """
    return decode(kind, read_data(path))


def read_data(path: Path) -> object:
    """What a YAML or JSON file holds; days stay text, repeated keys and aliases are refused."""
    text = read_text(path)
    try:
        return yaml.load(text, Loader=SpelledOutLoader)  # noqa: S506  # derived from SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = 1 if mark is None else mark.line + 1
        raise _refused(path, "file_not_yaml", line=line, problem=str(error.problem)) from error
    except RecursionError as error:
        raise _refused(path, "file_not_yaml", line=1, problem="nested too deeply") from error
    except (ValueError, yaml.YAMLError) as error:
        raise _refused(path, "file_not_readable") from error


def read_text(path: Path) -> str:
    """The text of a file that is not too large.

    Raises:
        InputError: There is none, it is too large, or it is no text.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise _refused(path, "file_too_large", largest_mib=LARGEST_FILE_BYTES // 2**20)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise _refused(path, "file_not_found") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, "file_not_readable") from error


def write_json(data: object, out: Path | None, *, indent: int | None = 2) -> None:
    """JSON-like data to a file or to standard output; NaN never leaves the product."""
    with _opened(out) as stream:
        json.dump(data, stream, ensure_ascii=False, indent=indent, allow_nan=False)
        stream.write("\n")


def write_text(text: str, out: Path | None) -> None:
    """A text to a file or to standard output, with one line end behind it."""
    with _opened(out) as stream:
        stream.write(text.rstrip("\n") + "\n")


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[object]], out: Path | None, *, total: int
) -> None:
    """A table to a file or to standard output, with a progress bar when people would wait.

    Args:
        columns: Names of the first line.
        rows: As many values as columns each; full precision.
        out: None writes to standard output.
        total: Number of rows.
    """
    with _opened(out) as stream, _progress(visible=out is not None) as progress:
        stream.write(csv_line(columns))
        for row in progress.track(rows, total=total, description=f"{out}"):
            stream.write(csv_line(row))


def _refused(path: Path, code: str, **params: str | float) -> InputError:
    return InputError((Problem(field=str(path), code=code, params=params),))


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="") as stream:
        yield stream


def _progress(*, visible: bool) -> Progress:
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not (visible and console.is_terminal))
