"""One program at a time works in a data folder: a lock says so, and ends with its process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.refusal import Refusal

LOCK = "in-use"
"""File in the data folder; its being there means nothing, only its lock does."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keeps every other program out of a data folder.

    Raises:
        Refusal: Another one holds it.
    """
    file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            place = str(folder.resolve())
            raise Refusal("data_dir", "data_dir_in_use", path=place) from error
        yield
    finally:
        os.close(file)
