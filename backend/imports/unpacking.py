"""Zip archives, unpacked where nothing can leave the folder, nor fill the disk."""

import errno
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from planner.refusal import Refusal, require

MOST_MEMBERS = 20_000
MOST_EXPANDED_BYTES = 2 * 2**30
_PART_BYTES = 2**20
_LONGEST_PART = 200
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError),
    *(OSError, UnicodeDecodeError),
)
"""What an archive raises that is damaged, or whose names are no text."""

_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextmanager
def unpacked(path: Path, *, most_bytes: int = MOST_EXPANDED_BYTES) -> Iterator[Path]:
    """A folder with the archive's files, which goes with the block.

    Args:
        path: Of the archive.
        most_bytes: What it may expand to, counted while it is written.

    Raises:
        Refusal: A name leaves the folder, or the archive is broken, locked or too large.
    """
    with tempfile.TemporaryDirectory(prefix="paybatch-import-") as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, folder, most_bytes)
        except BROKEN as error:
            full = isinstance(error, OSError) and error.errno == errno.ENOSPC
            raise Refusal("file", "storage_full" if full else "import_zip_broken") from error
        yield folder


def _unpack(archive: zipfile.ZipFile, folder: Path, most_bytes: int) -> None:
    members = archive.infolist()
    require(len(members) <= MOST_MEMBERS, "file", "import_too_many_files", most=MOST_MEMBERS)
    left = most_bytes
    for member in members:
        place = _place(member, folder)
        if member.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            continue
        _check(member)
        place.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, place.open("xb") as file:
            left = _copy(packed, file, left, most_bytes)


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename[:_LONGEST_PART]
    require(not member.flag_bits & 1, "file", "import_zip_locked", name=name)
    require(member.compress_type in _STORED, "file", "import_zip_broken")
    kind = stat.S_IFMT(member.external_attr >> 16)
    require(kind in (0, stat.S_IFREG), "file", "import_zip_path", name=name)


def _place(member: zipfile.ZipInfo, folder: Path) -> Path:
    """Where a member goes: below the folder, whatever its name says."""
    name = member.filename
    parts = PurePosixPath(name).parts
    plain = (
        bool(parts)
        and not name.startswith("/")
        and not any(char in name for char in "\\\0")
        and parts[0][1:2] != ":"
        and all(part != ".." and len(part) <= _LONGEST_PART for part in parts)
    )
    require(plain, "file", "import_zip_path", name=name[:_LONGEST_PART])
    place = folder.joinpath(*parts)
    inside = place.resolve().is_relative_to(folder.resolve())
    require(inside, "file", "import_zip_path", name=name[:_LONGEST_PART])
    return place


def _copy(packed: IO[bytes], file: IO[bytes], left: int, most_bytes: int) -> int:
    """Writes a member, counting what it really holds; says how much room is left."""
    while part := packed.read(_PART_BYTES):
        left -= len(part)
        require(left >= 0, "file", "import_zip_too_large", most_mib=most_bytes // 2**20)
        file.write(part)
    return left
