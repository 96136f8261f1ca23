"""Files that people bring, each in a private folder of its own until it is stored."""

import hashlib
import math
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from starlette.concurrency import run_in_threadpool

from backend.database.private_folder import make_private_folder
from backend.disk.free_room import free_bytes
from backend.wire.problems import RequestError
from planner.refusal import require

MARGIN_BYTES = 256 * 2**20
"""Room that a file leaves on the disk for everything else."""

PORTION_BYTES = 2**20

ON_ITS_WAY_S = 3600.0
"""From the last byte of a file until somebody may ask whether anybody wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was brought.

    Attributes:
        id: Name of its folder.
        file_name: As whoever brought it calls it.
        sha256: Of its bytes, hexadecimal.
    """

    id: str
    file_name: str
    size_bytes: int
    sha256: str


class Uploads:
    """The folder of all of them."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "imports"

    async def receive(
        self, parts: AsyncIterator[bytes], *, file_name: str, size_bytes: int
    ) -> Upload:
        """Writes a file as it comes; nothing of it stays when it breaks off.

        Raises:
            RequestError: The disk has no room for it.
            Refusal: It is empty, or other than announced.
        """
        require(size_bytes > 0, "", "import_empty")
        make_private_folder(self._folder)
        if free_bytes(self._folder) < size_bytes + MARGIN_BYTES:
            raise RequestError(HTTPStatus.INSUFFICIENT_STORAGE, "storage_full")
        upload_id = uuid4().hex
        folder = self._folder / upload_id
        make_private_folder(folder)
        try:
            digest, written = await self._written(folder / "file", parts)
            require(written == size_bytes, "", "import_upload_cut_off")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Upload(id=upload_id, file_name=file_name, size_bytes=size_bytes, sha256=digest)

    async def _written(self, path: Path, parts: AsyncIterator[bytes]) -> tuple[str, int]:
        """The hash, and how many bytes came; the loop does not wait for the disk."""
        digest, written, waiting = hashlib.sha256(), 0, bytearray()

        def store(portion: bytes) -> None:
            digest.update(portion)
            file.write(portion)

        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            async for part in parts:
                waiting += part
                written += len(part)
                if len(waiting) >= PORTION_BYTES:
                    await run_in_threadpool(store, bytes(waiting))
                    waiting.clear()
            await run_in_threadpool(store, bytes(waiting))
        return digest.hexdigest(), written

    def path_of(self, upload_id: str) -> Path:
        """The file.

        Raises:
            Refusal: It is gone.
        """
        path = self._folder / upload_id / "file"
        require(path.is_file(), "file", "import_file_gone")
        return path

    def remove(self, upload_id: str) -> None:
        """Throws a file away."""
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def touch(self, upload_id: str) -> None:
        """Notes that somebody goes on with a file."""
        with suppress(FileNotFoundError):
            os.utime(self._folder / upload_id)

    def age_s(self, upload_id: str) -> float:
        """Seconds since a file grew or somebody went on with it; infinite where it is gone."""
        folder = self._folder / upload_id
        changed_s = (path.stat().st_mtime for path in (folder, folder / "file") if path.exists())
        return time.time() - max(changed_s, default=-math.inf)

    def kept(self) -> Iterator[str]:
        """Files that are here, by their ids."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            yield path.name

    def old(self) -> Iterator[str]:
        """Those that are here for long: a younger one may still be on its way."""
        return (name for name in self.kept() if self.age_s(name) > ON_ITS_WAY_S)
