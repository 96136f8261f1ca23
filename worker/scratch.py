"""A folder for what need not outlive this worker, and the removal of what others left."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_IN_USE = "in-use"


class Scratch:
    """Owned by one worker as long as it lives: a lock says so, not a process id."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(parent)
        self._folder = Path(tempfile.mkdtemp(prefix="worker-", dir=parent))
        self._lock = os.open(self._folder / _IN_USE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def new_folder(self) -> Path:
        """An empty folder for one attempt."""
        return Path(tempfile.mkdtemp(prefix="attempt-", dir=self._folder))

    def free_bytes(self) -> int:
        """Room on its disk."""
        return shutil.disk_usage(self._folder).free

    def close(self) -> None:
        """Removes everything."""
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)


def _remove_abandoned(parent: Path) -> None:
    """Removes folders whose worker is gone."""
    for folder in parent.glob("worker-*"):
        try:
            lock = os.open(folder / _IN_USE, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # being made, or being removed, by somebody who lives
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
