"""A store that only knows objects, such as S3: a checkpoint is there once its manifest is.

``<root>/<run>/a<attempt>/step-N/<file>``, and beside the files a manifest that is written last.
What has none is nobody's checkpoint.
"""

import logging
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import fsspec
from fsspec import AbstractFileSystem

from worker.supervising.store import (
    KEPT,
    MARKER,
    NO_ROOM,
    CheckpointRefused,
    StoreAway,
    is_empty,
)
from worker.supervising.store_url import StoreUrl
from worker.supervising.stored_objects import (
    MANIFEST,
    Age,
    age_of,
    manifest_of,
    sizes_in,
    stored_below,
)

QUIET_S = 10.0
"""After a failure the store is taken to be away for so long, and is not asked."""

_S3_OPTIONS: Mapping[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 10,
    "retries": {"max_attempts": 3, "mode": "standard"},
}
"""A lost packet is tried again; a service that is away is noticed within half a minute."""

_PATH = re.compile(r"[A-Za-z0-9_-]+/a[0-9]+/step-[0-9]+")
_RUN = re.compile(r"[A-Za-z0-9_-]+")

log = logging.getLogger(__name__)


def open_object_store(url: StoreUrl) -> "ObjectStore":
    """Connects to nothing yet.

    Raises:
        ImportError: What speaks the protocol is not installed.
    """
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    if url.protocol == "s3":
        options |= {"endpoint_url": url.endpoint or None, "config_kwargs": dict(_S3_OPTIONS)}
    filesystem = fsspec.filesystem(url.protocol, **options)
    if url.protocol == "s3":
        filesystem.retries = 1  # its own, on top of those above, would take a minute and more
    return ObjectStore(url, filesystem)


class ObjectStore:
    """Checkpoints as objects below a root; used by one thread."""

    def __init__(self, url: StoreUrl, filesystem: AbstractFileSystem) -> None:
        self._url = url
        self._objects = filesystem
        self._marked = False
        self._expected = False
        self._failed_at: float | None = None

    @property
    def url(self) -> str:
        """Names the store to the API; equal urls are the same store."""
        return self._url.text

    def expect_checkpoints(self) -> None:
        """Somebody knows of checkpoints here: without any, and without a marker, it is away."""
        self._expected = True

    def make_sure(self) -> None:
        """It is asked at first, and after a failure."""
        self._make_sure()

    def mark(self) -> None:
        """Makes an empty place this store: somebody says that nothing is missing there."""
        self._marked = self._expected = False
        self._make_sure()

    def put(self, path: str, folder: Path) -> None:
        """Keeps a copy of ``folder``; a second time changes nothing.

        Raises:
            OSError: It was not stored.
        """
        place = self._inside(path)
        self._make_sure()
        if self._sizes(place) is not None:
            return
        files = sorted(folder.iterdir())
        sizes = {file.name: file.stat().st_size for file in files}
        with _Asking(self):
            for file in files:
                self._objects.put_file(str(file), f"{place}/{file.name}")
            self._objects.pipe_file(f"{place}/{MANIFEST}", manifest_of(sizes))

    def get(self, path: str, folder: Path) -> bool:
        """Brings a copy into ``folder``, which must not exist; False if the store has none.

        Raises:
            StoreAway: It may have one, and cannot be asked.
            CheckpointRefused: It has one that this worker may not read.
            OSError: There is no room for the copy.
        """
        place = self._inside(path)
        self._make_sure()
        try:
            return self._fetch(path, place, folder)
        except CheckpointRefused:
            self._make_sure(anew=True)  # where nothing may be read, the whole store is away
            raise

    def _fetch(self, path: str, place: str, folder: Path) -> bool:
        sizes = self._sizes(place, reading=path)
        if sizes is None:
            self._make_sure(anew=True)  # a bucket that is gone has no manifests, either
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
        try:
            if not all(
                self._brought(f"{place}/{name}", unfinished / name, size_bytes, reading=path)
                for name, size_bytes in sizes.items()
            ):
                log.warning("%s is not complete in the store", path)
                return False
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return True

    def keep_newest(self, run_id: str, *, kept: int = KEPT) -> None:
        """Forgets all but a run's newest checkpoints: by attempt, then by step.

        So it does what killed workers left unfinished, of attempts up to the newest checkpoint's:
        a later attempt may be storing its first one. What cannot be removed now, or may not be, is
        removed another time, and what somebody else put beside them is left alone. The store is not
        away because of it: not everybody who may read and write may remove, or list uploads.
        """
        if not _RUN.fullmatch(run_id):
            raise ValueError(f"{run_id!r} leads out of the store")
        try:
            with _Asking(self, matters=False):
                self._forget(f"{self._url.root}/{run_id}", kept)
        except StoreAway as away:
            log.warning("old checkpoints of run %s were not removed: %s", run_id, away)

    def _forget(self, run: str, kept: int) -> None:
        self._objects.invalidate_cache()
        found = stored_below(run, self._objects.find(run))
        complete = sorted(age for age, one in found.items() if one.manifest is not None)
        if not complete:
            return
        newest_attempt, _ = newest = complete[-1]
        old = [found[age] for age in complete[:-kept]]
        unfinished = [
            one
            for (attempt, _), one in found.items()
            if one.manifest is None and attempt <= newest_attempt
        ]
        # Manifests first: whoever reads meanwhile finds no checkpoint rather than half of one.
        manifests = [one.manifest for one in old if one.manifest is not None]
        for names in (manifests, [name for one in (*old, *unfinished) for name in one.files]):
            if names:
                self._objects.rm(names)
        if self._url.protocol == "s3":
            self._end_uploads(run, newest)

    def _end_uploads(self, run: str, newest: Age) -> None:
        """Large files go in parts, which S3 keeps, and bills, until somebody ends their upload."""
        bucket, _, prefix = run.partition("/")
        listed = self._objects.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=f"{prefix}/")
        for upload in listed.get("Uploads", ()):
            age = age_of(upload["Key"], run=prefix)
            if age is not None and age[0] <= newest[0]:
                which = {"Key": upload["Key"], "UploadId": upload["UploadId"]}
                self._objects.call_s3("abort_multipart_upload", Bucket=bucket, **which)

    def _sizes(self, place: str, *, reading: str = "") -> dict[str, int] | None:
        """Sizes of a checkpoint's files by name; None where there is no checkpoint."""
        with _Asking(self, reading=reading):
            try:
                return sizes_in(self._objects.cat_file(f"{place}/{MANIFEST}"))
            except FileNotFoundError:
                return None

    def _brought(self, place: str, target: Path, size_bytes: int, *, reading: str) -> bool:
        """Whether a file was there, whole."""
        with _Asking(self, reading=reading):
            try:
                self._objects.get_file(place, str(target))
            except FileNotFoundError:
                return False
        return target.stat().st_size == size_bytes

    def _make_sure(self, *, anew: bool = False) -> None:
        """This is the store that it was, and no empty place of the same name.

        Raises:
            StoreAway: It is not, or does not answer.
        """
        if self._marked and self._failed_at is None and not anew:
            return
        marker = f"{self._url.root}/{MARKER}"
        with _Asking(self):
            self._objects.invalidate_cache()
            if not self._objects.exists(marker):
                if (self._marked or self._expected) and not self._holds_runs():
                    raise FileNotFoundError(is_empty(self.url))
                self._objects.pipe_file(marker, b"{}")
        self._marked = True

    def _holds_runs(self) -> bool:
        """Whether there is anything that could be a run's."""
        try:
            names = self._objects.ls(self._url.root, detail=False)
        except FileNotFoundError:
            return False
        return any(_RUN.fullmatch(name.rstrip("/").rpartition("/")[2]) for name in names)

    def _check_not_away(self) -> None:
        if self._failed_at is not None and time.monotonic() < self._failed_at + QUIET_S:
            raise StoreAway(f"{self.url} did not answer a moment ago")

    def _inside(self, path: str) -> str:
        """The place of ``path``, refused unless it is that of a checkpoint."""
        if not _PATH.fullmatch(path):
            raise ValueError(f"{path!r} leads out of the store")
        return f"{self._url.root}/{path}"


class _Asking:
    """A conversation with the store: whatever goes wrong in it means that the store is away.

    Each library has errors of its own, of which some are `OSError` and some are not.
    """

    def __init__(self, store: ObjectStore, *, matters: bool = True, reading: str = "") -> None:
        """One with the store about all of it, or about one checkpoint.

        Args:
            store: That is asked.
            matters: False where a failure says little of what can be stored or fetched.
            reading: Path of the one checkpoint that is read: that it may not be says nothing of
                the others.
        """
        self._store = store
        self._matters = matters
        self._reading = reading

    def __enter__(self) -> None:
        self._store._check_not_away()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._store._failed_at = None
        elif isinstance(error, OSError) and error.errno in NO_ROOM:
            return
        elif isinstance(error, Exception):
            what = f"{self._store.url}: {type(error).__name__}: {error}"
            if self._reading and isinstance(error, PermissionError):
                raise CheckpointRefused(self._reading, what) from error
            if self._matters:
                self._store._failed_at = time.monotonic()
            raise StoreAway(what) from error
