"""CRC-32C (Castagnoli, RFC 3720 appendix B.4) of many records at once: one by one is too slow."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

_POLYNOMIAL = 0x82F63B78
_ALL = 0xFFFFFFFF
_MASK_DELTA = 0xA282EAD8
"""TensorFlow's `tensorflow/core/lib/hash/crc32c.h`: a checksum of checksums would be weak."""

_LANES = 1024
_LONG = 16 * _LANES
"""Bytes from which one record alone is worth cutting into lanes."""


def _table() -> Words:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1)
    return table


_TABLE = _table()
_LOOKUP = tuple(int(word) for word in _TABLE)


def masked(checksum: int) -> int:
    """As TFRecord writes it: rotated by 15 bits, plus a constant."""
    return (((checksum >> 15) | (checksum << 17)) + _MASK_DELTA) & _ALL


def crc32c(data: bytes) -> int:
    """Of one record."""
    if len(data) >= _LONG:
        return _of_long(data)
    state = _ALL
    for byte in data:
        state = _LOOKUP[(state ^ byte) & 0xFF] ^ (state >> 8)
    return state ^ _ALL


def crc32c_of_each(records: Sequence[bytes]) -> list[int]:
    """Of every record; those of one length are done together."""
    places = defaultdict[int, list[int]](list)
    for place, record in enumerate(records):
        places[len(record)].append(place)
    found = [0] * len(records)
    for length, chosen in places.items():
        if length >= _LONG or length == 0 or len(chosen) < 4:
            for place in chosen:
                found[place] = crc32c(records[place])
            continue
        rows = np.frombuffer(b"".join(records[place] for place in chosen), dtype=np.uint8)
        states = _fed(np.full(len(chosen), _ALL, dtype=np.uint32), rows.reshape(-1, length))
        for place, state in zip(chosen, states.tolist(), strict=True):
            found[place] = state ^ _ALL
    return found


def _fed(states: Words, rows: NDArray[np.uint8]) -> Words:
    """States after a row each."""
    for column in np.ascontiguousarray(rows.T):
        states = _TABLE[(states ^ column) & 0xFF] ^ (states >> 8)
    return states


def _of_long(data: bytes) -> int:
    """Lanes that are fed side by side, then laid one behind the other."""
    width = len(data) // _LANES
    rows = np.frombuffer(data, dtype=np.uint8, count=width * _LANES).reshape(_LANES, width)
    lanes = _fed(np.zeros(_LANES, dtype=np.uint32), rows).tolist()
    behind = _zeros(width)
    state = _ALL
    for lane in lanes:
        state = _applied(behind, state) ^ lane
    for byte in data[width * _LANES :]:
        state = _LOOKUP[(state ^ byte) & 0xFF] ^ (state >> 8)
    return state ^ _ALL


def _applied(columns: tuple[int, ...], state: int) -> int:
    """A linear map on the bits of a state: the sum of the columns of its ones."""
    out = 0
    for column in columns:
        if state & 1:
            out ^= column
        state >>= 1
    return out


@lru_cache(maxsize=64)
def _zeros(count: int) -> tuple[int, ...]:
    """What feeding ``count`` zero bytes does to a state, by squaring."""
    step = tuple(_LOOKUP[bit & 0xFF] ^ (bit >> 8) for bit in (1 << place for place in range(32)))
    done = tuple(1 << place for place in range(32))
    while count:
        if count & 1:
            done = tuple(_applied(step, column) for column in done)
        step = tuple(_applied(step, column) for column in step)
        count >>= 1
    return done
