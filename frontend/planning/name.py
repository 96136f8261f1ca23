"""What a plan is called beside others of the same person."""

import itertools
import re
from collections.abc import Collection

_NUMBERED = re.compile(r" \(\d+\)$")


def numbered(name: str, taken: Collection[str]) -> str:
    """The name itself, or with the first number in brackets that no other plan has."""
    if not name or name not in taken:
        return name
    stem = _NUMBERED.sub("", name)
    return next(one for count in itertools.count(2) if (one := f"{stem} ({count})") not in taken)
