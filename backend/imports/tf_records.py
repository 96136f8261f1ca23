"""Records of a TFRecord file, each checked by its two checksums.

Layout: ``uint64 length, uint32 masked crc of length, data, uint32 masked crc of data``, little
endian (tensorflow.org, "TFRecords format details").
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backend.imports.crc32c import crc32c, crc32c_of_each, masked
from planner.refusal import Refusal

HEAD_BYTES, TAIL_BYTES = 12, 4
LARGEST_RECORD_BYTES = 64 * 2**20
RECORDS_A_BATCH = 2048
BATCH_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record, and where it stands: its number from 1, and its first byte."""

    data: bytes
    number: int
    offset: int


class CutOff(Exception):
    """A file ends in the middle of a record, as where its program was killed."""


def is_tf_record(start: bytes) -> bool:
    """Whether a file that begins so is a TFRecord file."""
    if len(start) < HEAD_BYTES:
        return False
    stated: int = struct.unpack("<I", start[8:HEAD_BYTES])[0]
    return masked(crc32c(start[:8])) == stated


def tf_records(path: Path) -> Iterator[Record]:
    """All records of a file.

    Raises:
        CutOff: After the last whole one.
        Refusal: One is too large, or not what its checksum says; its number is said.
    """
    batch: list[tuple[Record, int]] = []
    size = 0
    with path.open("rb") as stream:
        try:
            for record, checksum in _unchecked(stream):
                batch.append((record, checksum))
                size += len(record.data)
                if len(batch) >= RECORDS_A_BATCH or size >= BATCH_BYTES:
                    yield from _checked(batch)
                    batch, size = [], 0
        except CutOff:
            yield from _checked(batch)
            raise
    yield from _checked(batch)


def _unchecked(stream: BinaryIO) -> Iterator[tuple[Record, int]]:
    number = offset = 0
    while head := stream.read(HEAD_BYTES):
        number += 1
        if len(head) < HEAD_BYTES:
            raise CutOff
        if not is_tf_record(head):
            raise Refusal("file", "import_checksum_wrong", record=number, offset=offset)
        length = struct.unpack("<Q", head[:8])[0]
        if length > LARGEST_RECORD_BYTES:
            raise Refusal("file", "import_record_too_large", record=number, offset=offset)
        data, tail = stream.read(length), stream.read(TAIL_BYTES)
        if len(tail) < TAIL_BYTES or len(data) < length:
            raise CutOff
        yield Record(data=data, number=number, offset=offset), struct.unpack("<I", tail)[0]
        offset += HEAD_BYTES + length + TAIL_BYTES


def _checked(batch: list[tuple[Record, int]]) -> Iterator[Record]:
    found = crc32c_of_each([record.data for record, _ in batch])
    for (record, checksum), crc in zip(batch, found, strict=True):
        if masked(crc) != checksum:
            raise Refusal(
                "file", "import_checksum_wrong", record=record.number, offset=record.offset
            )
        yield record
