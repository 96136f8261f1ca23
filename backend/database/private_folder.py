"""The data folder, which holds secrets."""

import os
from pathlib import Path

from planner.refusal import Refusal


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
