"""``python -m worker.data``: fetches data sets and says where they are, in lines of JSON.

``paybatch data`` puts them into words.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx

from planner.pilots.workload import BUILT_IN
from worker.data.fetch import TIMEOUT_S, FetchFailed, fetch
from worker.data.places import SHARED_DATASETS, DataPlaces, find
from worker.data.sets import DATA_SETS, DataFile, DataSet

_SAY_EVERY_S = 0.2


def main(arguments: list[str] | None = None) -> int:
    """The exit status is 1 when a set did not arrive."""
    parser = argparse.ArgumentParser(prog="python -m worker.data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="every set, and where it is")
    fetching = commands.add_parser("fetch", help="bring one here")
    fetching.add_argument("name", choices=DATA_SETS)
    fetching.add_argument("--mirror", help="address that offers the same files under their names")
    for command in (listing, fetching):
        command.add_argument(
            "--data",
            type=Path,
            action="append",
            default=[],
            metavar="DIR",
            help="first choice first",
        )
    given = parser.parse_args(arguments)
    if given.command == "list":
        _list(tuple(given.data))
        return 0
    if not given.data:
        parser.error("fetch needs --data DIR")
    return _fetch(_from(DATA_SETS[given.name], given.mirror), given.data[0])


def _list(folders: tuple[Path, ...]) -> None:
    places = DataPlaces(cache_dir=Path(), other_dirs=(*folders, SHARED_DATASETS))
    for data_set in DATA_SETS.values():
        paths = find(data_set, places)
        workloads = [one.name for one in BUILT_IN.values() if one.data_set == data_set.name]
        _say(
            name=data_set.name,
            title=data_set.title,
            licence=data_set.licence,
            source=data_set.source,
            debian_package=data_set.debian_package,
            size_bytes=data_set.size_bytes,
            workloads=workloads,
            folder=None if paths is None else str(next(iter(paths.values())).parent),
        )


def _fetch(data_set: DataSet, root: Path) -> int:
    folder = root / data_set.name
    try:
        with httpx.Client(timeout=TIMEOUT_S) as client:
            fetch(data_set, folder, client, progress=_Progress(data_set))
    except FetchFailed as failed:
        _say(event="failed", code=failed.code, params=failed.params)
        return 1
    except KeyboardInterrupt:
        return 1
    _say(event="done", folder=str(folder))
    return 0


def _from(data_set: DataSet, mirror: str | None) -> DataSet:
    """The set, with its files at another address."""
    if mirror is None:
        return data_set
    base = mirror.rstrip("/")
    files = tuple(replace(file, url=f"{base}/{file.name}") for file in data_set.files)
    return replace(data_set, files=files)


class _Progress:
    """Says how far the whole set is, several times a second and once a file is here."""

    def __init__(self, data_set: DataSet) -> None:
        self._size_bytes = data_set.size_bytes
        self._here_bytes = dict.fromkeys((file.name for file in data_set.files), 0)
        self._next = 0.0

    def __call__(self, file: DataFile, here_bytes: int) -> None:
        self._here_bytes[file.name] = here_bytes
        now = time.monotonic()
        if now < self._next and here_bytes < file.size_bytes:
            return
        self._next = now + _SAY_EVERY_S
        done_bytes = sum(self._here_bytes.values())
        _say(event="progress", file=file.name, done_bytes=done_bytes, size_bytes=self._size_bytes)


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
