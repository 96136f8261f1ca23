"""Fields of a protobuf message by number, without its schema (protobuf.dev, "Encoding")."""

import struct
from collections.abc import Iterator

VARINT, FIXED_64, LENGTH, FIXED_32 = 0, 1, 2, 5

Field = tuple[int, int, int | bytes]
"""Number, wire type, and an integer or the bytes of everything else."""

_MOST_SHIFT = 63


class BrokenMessage(ValueError):
    """Bytes that are no message."""


def fields(data: bytes) -> Iterator[Field]:
    """Fields in their order.

    Raises:
        BrokenMessage: They end early, or have a wire type that is not in use.
    """
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, place = _varint(data, place)
            yield number, kind, value
            continue
        if kind == LENGTH:
            size, place = _varint(data, place)
        elif kind in (FIXED_64, FIXED_32):
            size = 8 if kind == FIXED_64 else 4
        else:
            raise BrokenMessage
        if size > len(data) - place:
            raise BrokenMessage
        yield number, kind, data[place : place + size]
        place += size


def texts(value: int | bytes) -> str:
    """A field of text."""
    if isinstance(value, int):
        raise BrokenMessage
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise BrokenMessage from error


def message(value: int | bytes) -> bytes:
    """A field that is a message itself."""
    if isinstance(value, int):
        raise BrokenMessage
    return value


def real(kind: int, value: int | bytes) -> float:
    """A field of 32 or 64 bits of floating point."""
    if isinstance(value, int) or kind not in (FIXED_32, FIXED_64):
        raise BrokenMessage
    number: float = struct.unpack("<f" if kind == FIXED_32 else "<d", value)[0]
    return number


def signed(value: int | bytes) -> int:
    """A field of int64, whose negative numbers are written in two's complement."""
    if not isinstance(value, int):
        raise BrokenMessage
    return value - (1 << 64) if value >> 63 else value


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift <= _MOST_SHIFT:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, place
        shift += 7
    raise BrokenMessage
