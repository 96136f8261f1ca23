"""Where checkpoints outlive their attempt: a folder, or whatever else has the same four verbs."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

KEPT = 3
"""Checkpoints kept of a run: the newest, and two to fall back to."""


class Store(Protocol):
    """Keeps folders below relative paths ``<run>/a<attempt>/step-N``."""

    @property
    def url(self) -> str:
        """Names the store to the API; equal urls are the same store."""

    def put(self, path: str, folder: Path) -> None:
        """Keeps a copy of ``folder``; a second time changes nothing."""

    def get(self, path: str, folder: Path) -> bool:
        """Brings a copy into ``folder``, which must not exist; False if the store has none."""

    def keep_newest(self, run_id: str) -> None:
        """Forgets all but a run's newest checkpoints."""


class FolderStore:
    """A store on this computer's disk, or on one that several computers see.

    Files are linked where that is possible: they are written once and never changed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._root.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """Names the store to the API; equal urls are the same store."""
        return self._root.as_uri()

    def put(self, path: str, folder: Path) -> None:
        """Keeps a copy of ``folder``; a second time changes nothing."""
        target = self._inside(path)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(folder, target)

    def get(self, path: str, folder: Path) -> bool:
        """Brings a copy into ``folder``, which must not exist; False if the store has none."""
        source = self._inside(path)
        if not source.is_dir():
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, folder)
        return True

    def keep_newest(self, run_id: str) -> None:
        """Forgets all but a run's newest checkpoints: by attempt, then by step."""
        kept = sorted(self._inside(run_id).glob("a*/step-*"), key=_age)
        for folder in kept[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)

    def _inside(self, path: str) -> Path:
        """The place of ``path``, refused unless it lies below the root."""
        place = (self._root / path).resolve()
        if place == self._root or not place.is_relative_to(self._root):
            raise ValueError(f"{path!r} leads out of the store")
        return place


def _age(folder: Path) -> tuple[int, int]:
    return int(folder.parent.name[1:]), int(folder.name.removeprefix("step-"))


def _copy(source: Path, target: Path) -> None:
    """Copies a folder of files so that ``target`` is complete as soon as it exists."""
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=target.parent))
    try:
        for file in source.iterdir():
            _link_or_copy(file, unfinished / file.name)
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
        with target.open("rb") as copied:
            os.fsync(copied.fileno())
