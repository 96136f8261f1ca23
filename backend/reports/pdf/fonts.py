"""The fonts of a PDF: two that are installed with the program, and no other of the machine."""

import struct
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import typst

FAMILY = "Noto Sans CJK JP"

_FILES = tuple(
    Path(str(resources.files(f"noto_cjk_sans_jp_{weight.lower()}"))) / f"NotoSansCJKjp-{weight}.otf"
    for weight in ("Regular", "Bold")
)
_UNICODE_FULL = (3, 10)
"""Platform and encoding of the table that holds every character of a font."""


@cache
def fonts() -> typst.Fonts:
    """Regular and bold, found once a process."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(file.parent) for file in _FILES],
    )


@cache
def characters() -> frozenset[int]:
    """Code points that both fonts can draw."""
    regular, bold = (frozenset(_code_points(file)) for file in _FILES)
    return regular & bold


def _code_points(file: Path) -> Iterator[int]:
    """From the font's ``cmap`` in format 12, as ISO/IEC 14496-22 describes it."""
    data = file.read_bytes()
    start = _table(data, b"cmap")
    for place in range(_number(data, ">H", start + 2)):
        record = start + 4 + 8 * place
        platform, encoding, offset = struct.unpack_from(">HHL", data, record)
        if (platform, encoding) == _UNICODE_FULL:
            for group in range(_number(data, ">L", start + offset + 12)):
                first, last, _ = struct.unpack_from(">LLL", data, start + offset + 16 + 12 * group)
                yield from range(first, last + 1)


def _table(data: bytes, name: bytes) -> int:
    for place in range(_number(data, ">H", 4)):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * place)
        if tag == name:
            return int(offset)
    raise AssertionError(f"a font without {name!r}")


def _number(data: bytes, kind: str, place: int) -> int:
    return int(struct.unpack_from(kind, data, place)[0])
