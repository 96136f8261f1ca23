"""The data folder, which holds secrets, and the file of the database in it."""

import contextlib
import os
from pathlib import Path

from planner.refusal import Refusal

PRIVATE = 0o600


def make_private_folder(folder: Path) -> None:
    """Creates the data folder, readable by its owner only.

    Raises:
        Refusal: It cannot be made, or not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refusal("data_dir", "not_writable", path=str(folder)) from error
    if not os.access(folder, os.W_OK):
        raise Refusal("data_dir", "not_writable", path=str(folder))


def make_private_file(path: Path, *beside: str) -> None:
    """Creates an empty file where there is none; it is its owner's only, and what lies beside it.

    What cannot be changed here is told by whoever opens it next.

    Args:
        path: The file.
        beside: Ends of the names of others, such as ``-wal``, which are not created.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    for end in ("", *beside):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).chmod(PRIVATE)
