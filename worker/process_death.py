"""No orphans: a process that dies with the one that started it."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


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
