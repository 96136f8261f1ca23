"""Brings a published data set to this computer: resumed where it was cut off, then checked."""

import fcntl
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BufferedRandom, BufferedReader
from pathlib import Path

import httpx

from worker.data.sets import DataFile, DataSet

TRIES = 5
"""In a row without a single byte more, before a fetch gives up."""

PAUSE_S = 1.0
"""Before a cut connection is tried again."""

TIMEOUT_S = 30.0

_CHUNK_BYTES = 1 << 16

Progress = Callable[[DataFile, int], None]
"""(file, bytes of it that are here), called often."""


class FetchFailed(Exception):
    """A file did not arrive.

    Attributes:
        code: Message key below ``data.failed.``.
        params: Values for the message.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class _Cut(Exception):
    """The connection ended before the file did."""


def fetch(
    data_set: DataSet,
    folder: Path,
    client: httpx.Client,
    *,
    progress: Progress,
    pause_s: float = PAUSE_S,
) -> None:
    """Brings the files of a set that are not in ``folder`` yet.

    What has arrived of a file lies beside it as ``.part``: the next call goes on from there. A file
    gets its name only when its checksum agrees.

    Raises:
        FetchFailed: A file did not arrive, or is not the published one and was removed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in data_set.files:
            if not _is_published(folder / file.name, file):
                _fetch_file(file, folder, client, progress, pause_s)
            progress(file, file.size_bytes)
    except OSError as error:
        raise FetchFailed("cannot_write", folder=str(folder), cause=str(error.strerror)) from error


def _fetch_file(
    file: DataFile, folder: Path, client: httpx.Client, progress: Progress, pause_s: float
) -> None:
    path = folder / f"{file.name}.part"
    with _alone(path, file) as part:
        _download_all(file, part, client, progress, pause_s)
        part.seek(0)
        if _md5(part) != file.md5:
            path.unlink()
            raise FetchFailed("checksum_wrong", file=file.name, url=file.url)
        path.rename(folder / file.name)


def _download_all(
    file: DataFile, part: BufferedRandom, client: httpx.Client, progress: Progress, pause_s: float
) -> None:
    """Tries again while bytes keep coming."""
    pause = threading.Event()
    in_vain = 0
    while part.seek(0, 2) < file.size_bytes:
        before = part.tell()
        try:
            _download(file, part, client, progress)
        except (_Cut, httpx.TransportError) as error:
            in_vain = 0 if part.seek(0, 2) > before else in_vain + 1
            if in_vain == TRIES:
                cause = str(error) or type(error).__name__
                raise FetchFailed("cut_off", file=file.name, url=file.url, cause=cause) from error
            pause.wait(pause_s)


def _download(
    file: DataFile, part: BufferedRandom, client: httpx.Client, progress: Progress
) -> None:
    """One request for what is missing.

    Raises:
        _Cut: The answer ended early.
        httpx.TransportError: The server is away, or the connection broke.
        FetchFailed: The server has no such file, or another one.
    """
    start = part.seek(0, 2)
    headers = {"Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with client.stream("GET", file.url, headers=headers, follow_redirects=True) as answer:
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _Cut(f"status {answer.status_code}")
        if not answer.is_success:
            raise FetchFailed(
                "refused", file=file.name, url=file.url, status=int(answer.status_code)
            )
        if answer.status_code != HTTPStatus.PARTIAL_CONTENT:
            # A server that knows no ranges begins anew.
            part.seek(0)
            part.truncate()
        elif not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise _Cut("another range than the one that was asked for")
        _check_size(file, answer, already=part.tell())
        _write(file, part, answer, progress)


def _check_size(file: DataFile, answer: httpx.Response, *, already: int) -> None:
    """A file of another size is another file, whatever it holds."""
    length = answer.headers.get("Content-Length")
    if length is not None and already + int(length) != file.size_bytes:
        raise FetchFailed(
            "size_wrong",
            file=file.name,
            url=file.url,
            expected_bytes=file.size_bytes,
            offered_bytes=already + int(length),
        )


def _write(
    file: DataFile, part: BufferedRandom, answer: httpx.Response, progress: Progress
) -> None:
    done = part.tell()
    for chunk in answer.iter_raw(_CHUNK_BYTES):
        part.write(chunk[: file.size_bytes - done])
        done = part.tell()
        progress(file, done)
    if done < file.size_bytes:
        raise _Cut("the answer ended early")


@contextmanager
def _alone(path: Path, file: DataFile) -> Iterator[BufferedRandom]:
    """The file that arrives, which no other process writes to."""
    with path.open("a+b") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchFailed("fetched_already", file=file.name) from error
        yield part


def _is_published(path: Path, file: DataFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size_bytes:
        return False
    with path.open("rb") as here:
        return _md5(here) == file.md5


def _md5(file: BufferedRandom | BufferedReader) -> str:
    """The checksum that the authors publish; it guards against damage, not against malice."""
    digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()
