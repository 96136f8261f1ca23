"""No orphans: processes that die with the one that started it, or are ended when it is gone."""

import contextlib
import ctypes
import os
import select
import signal
import sys
from collections.abc import Collection
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def die_with(parent_pid: int) -> None:
    """This process is killed as soon as the thread that started it ends.

    Linux only; elsewhere a lost supervisor's trainers park at their deadline and stay.

    Args:
        parent_pid: Who started it; if it is gone already, this process ends here.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(1)


def adopt_orphans() -> None:
    """Descendants of this process become its children when the one that started them ends.

    Linux only, as the rest of this.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_children(*, but: Collection[int] = ()) -> None:
    """Kills every child of this process, adopted ones included, but for some; they are not reaped.

    Theirs become ours as soon as they are gone, and are ended by another call.
    """
    for child in _children() - set(but):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def is_gone(pid: int) -> bool:
    """Whether a process is seen to have ended; on Linux only, elsewhere False."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    except (AttributeError, OSError):
        return False
    try:
        ended, _, _ = select.select([handle], [], [], 0)
    finally:
        os.close(handle)
    return bool(ended)


def _children() -> set[int]:
    listed = Path("/proc/self/task").glob("*/children")
    return {int(child) for file in listed for child in file.read_text().split()}
