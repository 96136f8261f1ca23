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

MARKER = "paybatch-store.json"
"""Lies at the root of every store: an empty place without it is another one, or none."""

REFUSED = frozenset({errno.EACCES, errno.EPERM})
"""Numbers of the errors that say that somebody may not do what he asked for."""

_UNFINISHED = ".unfinished-"

_PATH = re.compile(r"a([0-9]+)/step-([0-9]+)")
_ATTEMPT = re.compile(r"a([0-9]+)")

log = logging.getLogger(__name__)

KEPT_AT_THE_END = 1
"""Of a run that succeeded: the state that was measured last."""


class StoreAway(OSError):
    """The store did not answer, or is not the one that it was: what it has is not known."""


class CheckpointRefused(StoreAway):
    """The store answers, and does not let this worker read one checkpoint.

    Attributes:
        run_id: Of the run whose checkpoint it is.
    """

    def __init__(self, path: str, why: object) -> None:
        super().__init__(f"{path} may not be read: {why}")
        self.run_id = path.partition("/")[0]


class Store(Protocol):
    """Keeps folders below relative paths ``<run>/a<attempt>/step-N``."""

    @property
    def url(self) -> str:
        """Names the store to the API; equal urls are the same store."""

    def expect_checkpoints(self) -> None:
        """Somebody knows of checkpoints here: without any, and without a marker, it is away."""

    def make_sure(self) -> None:
        """Returns where what a run resumes from can be fetched; cheap while it can.

        A place that is new, or has checkpoints and no marker, gets one.

        Raises:
            StoreAway: It does not answer, and stays so for some seconds; or it is not what it was.
        """

    def mark(self) -> None:
        """Makes an empty place this store: somebody says that nothing is missing there.

        Raises:
            StoreAway: It does not answer, or cannot be written.
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
            CheckpointRefused: It has one that this worker may not read.
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
        self._in_use = False

    @property
    def url(self) -> str:
        """Names the store to the API; equal urls are the same store."""
        return self._root.as_uri()

    def expect_checkpoints(self) -> None:
        """Somebody knows of checkpoints here: without any, and without a marker, it is away."""
        self._in_use = True

    def make_sure(self) -> None:
        """This is the folder that it was, and no empty one in which a disk is not mounted.

        Raises:
            StoreAway: It is gone, or empty, or cannot be read, or is new and cannot be written.
        """
        try:
            is_marked = (self._root / MARKER).is_file()
            if not is_marked and not self._root.is_dir():
                raise StoreAway(f"the folder {self._root} is gone")
            if not is_marked:
                self._take_in()
        except StoreAway:
            raise
        except OSError as error:
            raise StoreAway(f"the folder {self._root} cannot be used: {error}") from error
        self._in_use = True

    def mark(self) -> None:
        """Makes an empty folder this store: somebody says that nothing is missing there."""
        self._in_use = False
        self.make_sure()

    def _take_in(self) -> None:
        """A folder without a marker gets one, unless it should have checkpoints and has none.

        One of an earlier version has no marker; where it may only be read, it does without.
        """
        has_checkpoints = next(self._root.glob("*/a*/step-*"), None) is not None
        if self._in_use and not has_checkpoints:
            raise StoreAway(is_empty(self.url))
        try:
            (self._root / MARKER).touch()
        except OSError:
            if not has_checkpoints:
                raise

    def put(self, path: str, folder: Path) -> None:
        """Keeps a copy of ``folder``; a second time changes nothing."""
        target = self._inside(path)
        self.make_sure()
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(folder, target)

    def get(self, path: str, folder: Path) -> bool:
        """Brings a copy into ``folder``, which must not exist; False if the store has none.

        What lies there and cannot be copied, such as a folder in the place of a file, is none.

        Raises:
            StoreAway: The folder of the whole store is not there, or was not a moment ago.
            CheckpointRefused: This worker has no right to read it.
            OSError: There is no room for the copy.
        """
        source = self._inside(path)
        self.make_sure()
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            if source.is_dir():
                _copy(source, folder)
                return True
        except OSError as error:
            if error.errno in NO_ROOM:
                raise
            if error.errno in REFUSED:
                raise CheckpointRefused(path, error.strerror) from error
            log.warning("%s is not to be had from the store: %s", path, error)
        self.make_sure()  # a disk that has just gone has no checkpoints, either
        return False

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

    def _inside(self, path: str) -> Path:
        """The place of ``path``, refused unless it lies below the root."""
        place = (self._root / path).resolve()
        if place == self._root or not place.is_relative_to(self._root):
            raise ValueError(f"{path!r} leads out of the store")
        return place


def is_empty(url: str) -> str:
    """What is said of a store that had checkpoints, and has none and no marker."""
    return (
        f"{url} is not the store that it was: {MARKER} is gone, and there are no checkpoints. "
        "Is its disk mounted? If it was emptied on purpose, say so: "
        f"python -m worker.mark_store {url}"
    )


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
