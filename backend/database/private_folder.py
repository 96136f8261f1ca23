"""The data folder, which holds secrets."""

import os
from pathlib import Path

from planner.refusal import Refusal


def make_private_folder(folder: Path) -> None:
    """Creates the data folder, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(folder, os.W_OK):
        raise Refusal("data_dir", "not_writable", path=str(folder))
