"""A presentation as bytes that depend on nothing but its content."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx.presentation import Presentation as Deck

_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows."""


def deck_file(deck: Deck) -> bytes:
    """The file; its parts carry no time."""
    written = io.BytesIO()
    deck.save(written)
    return without_times(written.getvalue())


def without_times(archive: bytes) -> bytes:
    """The same archive with one time for all its members."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(archive)) as source, ZipFile(target, "w", ZIP_DEFLATED) as out:
        for member in source.infolist():
            info = ZipInfo(member.filename, date_time=_DAY)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            out.writestr(info, source.read(member.filename))
    return target.getvalue()
