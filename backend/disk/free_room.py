"""Free room on a disk, asked in one way by all who need some."""

import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """Room on the disk that holds a folder, as far as this program may use it."""
    return shutil.disk_usage(folder).free
