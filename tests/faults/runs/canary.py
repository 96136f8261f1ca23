"""A pickle that writes a file when somebody opens it, so that a test sees whether anybody did."""

import pickle
from pathlib import Path


class _Sings:
    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self._marker,)


def a_canary(marker: Path) -> bytes:
    """A pickle; unpickling it makes the file ``marker``."""
    return pickle.dumps(_Sings(marker))
