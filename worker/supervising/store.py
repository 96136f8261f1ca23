"""Where checkpoints outlive their attempt: a folder, or whatever else has the same four verbs."""

import errno
import logging
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

KEPT = 3
"""Checkpoints kept of a run: the newest, and two to fall back to."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Numbers of the errors that say that a disk is full."""

_UNFINISHED = ".unfinished-"

_PATH = re.compile(r"a([0-9]+)/step-([0-9]+)")
_ATTEMPT = re.compile(r"a([0-9]+)")

log = logging.getLogger(__name__)

KEPT_AT_THE_END = 1
"""Of a run that succeeded: the state that was measured last."""


class StoreAway(OSError):
    """The store did not answer, or is not the one that it was: what it has is not known."""


class Store(Protocol):
    """Keeps folders below relative paths ``<run>/a<attempt>/step-N``."""

    @property
    def url(self) -> str:
        """Names the store to the API; equal urls are the same store."""

    def reached(self) -> bool:
        """Whether it answers, so that what a run resumes from can be fetched; cheap while it does.

        Once false, it stays so for some seconds.
        """

    def put(self, path: str, folder: Path) -> None:
        """Keeps a copy of ``folder``; a second time changes nothing.

        Raises:
            OSError: It was not stored.
        """

    def get(self, path: str, folder: Path) -> bool:
        """Brings a copy into ``folder``, which must not exist; False if the store has none.

        Raises:
            StoreAway: It may have one, and cannot be asked.
            OSError: There is no room for the copy.
        """

    def keep_newest(self, run_id: str, *, kept: int = KEPT) -> None:
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

    def reached(self) -> bool:
        """Whether the folder is there; one of another computer's may not be mounted."""
        return self._root.is_dir()

    def put(self, path: str, folder: Path) -> None:
        """Keeps a copy of ``folder``; a second time changes nothing."""
        target = self._inside(path)
        self._check_reached()
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(folder, target)

    def get(self, path: str, folder: Path) -> bool:
        """Brings a copy into ``folder``, which must not exist; False if the store has none.

        What lies there and cannot be copied, such as a folder in the place of a file, is none.

        Raises:
            StoreAway: The folder of the whole store is not there.
            OSError: There is no room for the copy.
        """
        source = self._inside(path)
        self._check_reached()
        if not source.is_dir():
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            _copy(source, folder)
        except OSError as error:
            if error.errno in NO_ROOM:
                raise
            log.warning("%s is not to be had from the store: %s", path, error)
            return False
        return True

    def keep_newest(self, run_id: str, *, kept: int = KEPT) -> None:
        """Forgets all but a run's newest checkpoints: by attempt, then by step.

        So it does copies that a killed worker left unfinished, of attempts up to the newest
        checkpoint's: a later attempt may be storing its first one. What somebody else put beside
        them is left alone.
        """
        root = self._inside(run_id)
        ages = {folder: _age(folder.relative_to(root)) for folder in root.glob("a*/step-*")}
        there = sorted((age, folder) for folder, age in ages.items() if age is not None)
        for _, folder in there[:-kept]:
            shutil.rmtree(folder, ignore_errors=True)
        for unfinished in root.glob(f"a*/{_UNFINISHED}*"):
            attempt = _ATTEMPT.fullmatch(unfinished.parent.name)
            if there and attempt and int(attempt[1]) <= there[-1][0][0]:
                shutil.rmtree(unfinished, ignore_errors=True)

    def _check_reached(self) -> None:
        if not self.reached():
            raise StoreAway(f"the folder {self._root} is gone")

    def _inside(self, path: str) -> Path:
        """The place of ``path``, refused unless it lies below the root."""
        place = (self._root / path).resolve()
        if place == self._root or not place.is_relative_to(self._root):
            raise ValueError(f"{path!r} leads out of the store")
        return place


def _age(path: Path) -> tuple[int, int] | None:
    """Attempt and step of a checkpoint; None for anything else."""
    named = _PATH.fullmatch(path.as_posix())
    return (int(named[1]), int(named[2])) if named else None


def _copy(source: Path, target: Path) -> None:
    """Copies a folder of files so that ``target`` is complete as soon as it exists."""
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=target.parent))
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
