"""Records of a ``.wandb`` file: blocks of LevelDB's log, each part checked by its checksum.

A file begins with ``:W&B``, 0xBEE1 and a version; a block has 32,768 bytes, and a part in it
``uint32 crc, uint16 length, uint8 type, data`` (github.com/google/leveldb, doc/log_format.md).
Unlike LevelDB's, the checksum is zlib's CRC-32 of type and data.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from backend.imports.tf_records import LARGEST_RECORD_BYTES, CutOff, Record
from planner.refusal import Refusal

MAGIC = b":W&B\xe1\xbe"
FILE_HEAD_BYTES = 7
BLOCK_BYTES = 32768
PART_HEAD_BYTES = 7

_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_KINDS = (_WHOLE, _FIRST, _MIDDLE, _LAST)


def wandb_records(path: Path) -> Iterator[Record]:
    """All records of a file.

    Raises:
        CutOff: After the last whole one.
        Refusal: One is too large, or not what its checksum says; its number is said.
    """
    with path.open("rb") as stream:
        head = stream.read(FILE_HEAD_BYTES)
        if len(head) < FILE_HEAD_BYTES or not head.startswith(MAGIC):
            raise Refusal("file", "import_format_unknown")
        yield from _records(stream)


def _records(stream: BinaryIO) -> Iterator[Record]:
    number, parts, began, size = 1, list[bytes](), 0, 0
    for kind, data, offset in _parts(stream):
        starts = kind in (_WHOLE, _FIRST)
        if starts == bool(parts):
            raise Refusal("file", "import_record_broken", record=number, offset=offset)
        began = offset if starts else began
        parts.append(data)
        size += len(data)
        if size > LARGEST_RECORD_BYTES:
            raise Refusal("file", "import_record_too_large", record=number, offset=began)
        if kind in (_WHOLE, _LAST):
            yield Record(data=b"".join(parts), number=number, offset=began)
            number, parts, size = number + 1, [], 0
    if parts:
        raise CutOff


def _parts(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Type, data and first byte of every part."""
    start = FILE_HEAD_BYTES
    room = BLOCK_BYTES - start
    number = 0
    while block := stream.read(room):
        place = 0
        while len(block) - place >= PART_HEAD_BYTES:
            checksum, length, kind = struct.unpack_from("<IHB", block, place)
            if kind == 0 and length == 0:
                break  # the rest of the block was set aside and never written
            number += 1
            offset, body = start + place, place + PART_HEAD_BYTES
            data = block[body : body + length]
            if len(data) < length and len(block) < room and not _holds_a_part(block[body:]):
                raise CutOff
            if not _is_part(kind, data, checksum) or len(data) < length:
                raise Refusal("file", "import_checksum_wrong", record=number, offset=offset)
            yield kind, data, offset
            place = body + length
        if any(block[place:]):
            if len(block) < room:
                raise CutOff
            offset = start + place
            raise Refusal("file", "import_record_broken", record=number + 1, offset=offset)
        start += len(block)
        room = BLOCK_BYTES


def _is_part(kind: int, data: bytes, checksum: int) -> bool:
    return kind in _KINDS and zlib.crc32(data, zlib.crc32(bytes([kind]))) == checksum


def _holds_a_part(rest: bytes) -> bool:
    """Whether a whole part stands somewhere in the last bytes of a file.

    Then the part before it is not cut off: its length is wrong, which no checksum covers.
    """
    for place in range(len(rest) - PART_HEAD_BYTES):
        checksum, length, kind = struct.unpack_from("<IHB", rest, place)
        body = place + PART_HEAD_BYTES
        fits = kind in _KINDS and 0 < length <= len(rest) - body
        if fits and _is_part(kind, rest[body : body + length], checksum):
            return True
    return False
