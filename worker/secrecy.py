"""What this process knows is not for the plug-ins that it starts, nor for its log."""

import ctypes
import os
import sys
from collections.abc import Mapping

from wording import log_lines
from wording.redaction import redaction_of

_PR_SET_DUMPABLE = 4


def hide_from_plug_ins() -> None:
    """Keeps other programs of the same user from reading this one's memory and environment.

    Linux only; programs of an administrator can, and so can programs that the administrator lets
    trace others. It ends with the next program that this process becomes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


_KEYS = ("_KEY", "_KEY_ID", "_TOKEN", "_SECRET", "_PASSWORD", "_CONNECTION_STRING")
_CLOUDS = ("AWS_", "AZURE_", "GOOGLE_", "GCS_")


def keys_of_clouds(environment: Mapping[str, str]) -> list[str]:
    """The keys of stores that the environment holds: no line of a log may carry one."""
    return [
        value
        for name, value in environment.items()
        if name.startswith(_CLOUDS) and name.endswith(_KEYS)
    ]


def set_up_log() -> None:
    """Sends every record to standard error, without the keys of stores.

    Raises:
        Refusal: The environment names no kind of line.
    """
    log_lines.set_up(clean=redaction_of(keys_of_clouds(os.environ)))
