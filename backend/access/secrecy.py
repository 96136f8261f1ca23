"""What this process knows is not for plug-ins, which run on the same computer."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def hide_from_plug_ins() -> None:
    """Keeps other programs of the same user from reading this one's memory and environment.

    Linux only; programs of an administrator can, and so can programs that the administrator lets
    trace others. It ends with the next program that this process becomes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
