"""``paybatch data``: which data sets there are, where they lie, and how they come here.

The worker's own program does it, and answers in lines of JSON; here they become words.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from backend.cli.installation import data_folders
from backend.cli.meter import Meter, megabytes, meter
from backend.cli.options import Failed, language_option
from backend.settings import current_settings
from planner.pilots.workload import BUILT_IN
from wording.catalogue import say
from wording.language import Language

_LOG_COLUMNS = 160

data_option = click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    metavar="DIR",
    help="Folder of data sets, instead of PAYBATCH_DATASETS_DIR or the installation's own.",
)


@click.group()
def data() -> None:
    """Data sets: what is here, and fetching what is not."""


@data.command("list", epilog="\b\nExample:\n  paybatch data list")
@data_option
@language_option
def list_sets(folder: Path | None, language: Language) -> None:
    """Lists the data sets that can be fetched: size, licence, workloads, and where each is."""
    table = Table(box=None, pad_edge=False)
    for column in ("name", "size", "licence", "workloads", "place"):
        table.add_column(say(f"data.column.{column}", language), overflow="fold")
    with _answers(["list", *_folders(folder)]) as lines:
        for line in lines:
            table.add_row(
                line["name"],
                megabytes(line["size_bytes"], language),
                line["licence"],
                "\n".join(line["workloads"]),
                line["folder"] or say("data.not_here", language),
            )
    width = None if sys.stdout.isatty() else _LOG_COLUMNS
    Console(width=width).print(table)


@data.command(
    epilog="""\b
Example:
  paybatch data fetch cifar-100
  paybatch data fetch cifar-100 --data /srv/datasets

\b
Where the internet is out of reach, a server of your own with the same files:
  paybatch data fetch fashion-mnist --mirror http://files.example/fashion-mnist
"""
)
@click.argument("name")
@data_option
@click.option("--mirror", default=None, metavar="URL", help="Address that offers the same files.")
@language_option
def fetch(name: str, folder: Path | None, mirror: str | None, language: Language) -> None:
    """Fetches the data set NAME, checks it, and says where it is; a cut fetch goes on where it was.

    NAME is one of those that "paybatch data list" shows. A worker that runs already offers the new
    workloads after it was started again.
    """
    _check_name(name, language)
    arguments = ["fetch", name, *_folders(folder)]
    if mirror is not None:
        arguments += ["--mirror", mirror]
    with _answers(arguments) as lines, meter(name, language) as shown:
        last = _follow(lines, shown)
    if last is None:
        raise Failed(say("data.failed.interrupted", language))
    if last["event"] == "failed":
        raise Failed(say(f"data.failed.{last['code']}", language, **last["params"]))
    click.echo(say("data.fetched", language, name=name, folder=last["folder"]))


def check_data_here(workload: str, folder: Path, language: Language) -> None:
    """Ends the command, with how to get it, where a built-in workload's data set is missing."""
    known = BUILT_IN.get(workload)
    if known is None or not known.data_set:
        return
    with _answers(["list", *_folders(folder)]) as lines:
        here = any(line["name"] == known.data_set and line["folder"] for line in lines)
    if not here:
        raise Failed(say("data.failed.not_here", language, name=known.data_set, workload=workload))


def _check_name(name: str, language: Language) -> None:
    with _answers(["list"]) as lines:
        known = [line["name"] for line in lines]
    if name not in known:
        names = ", ".join(known)
        raise Failed(say("data.failed.name_unknown", language, name=name, names=names))


def _folders(folder: Path | None) -> list[str]:
    """Where to look, and where to put what is fetched: the first."""
    folders = data_folders(current_settings()) if folder is None else (folder,)
    return [part for one in folders for part in ("--data", str(one.resolve()))]


@contextmanager
def _answers(arguments: Sequence[str]) -> Iterator[Iterator[dict[str, Any]]]:
    """The lines of the worker's program, which ends with the block."""
    command = [sys.executable, "-m", "worker.data", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603
        try:
            yield (json.loads(line) for line in program.stdout or ())
        finally:
            program.terminate()


def _follow(lines: Iterator[dict[str, Any]], shown: Meter) -> dict[str, Any] | None:
    """Shows progress; the last word, or None if the program ended without one."""
    for line in lines:
        if line["event"] != "progress":
            return line
        shown.show(line["done_bytes"], line["size_bytes"])
    return None
