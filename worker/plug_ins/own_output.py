"""Standard output for our answer alone, whatever a plug-in prints."""

import os
from typing import TextIO


def take_standard_output() -> TextIO:
    """What is written to the result goes to standard output, everything else to standard error."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return ours
