"""Programs whose time of day a test moves while they run; monotonic clocks are left alone."""

from pathlib import Path

LIBRARIES = Path("/usr/lib")

_CACHED_S = 1
"""A program looks for a new offset so often: looking at every call would slow a trainer down."""

NOTICED_S = _CACHED_S + 1.0
"""The longest until it has seen one: libfaketime compares whole seconds of the time of day."""


class JumpingClock:
    """The time of day of the programs started in its environment: the real one plus an offset."""

    def __init__(self, folder: Path) -> None:
        self._offset = folder / "offset"
        self.jump("+0")
        libraries = sorted(LIBRARIES.glob("*/faketime/libfaketimeMT.so.1"))
        assert libraries, "libfaketime is missing; on Debian: apt-get install faketime"
        self.environment = {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_CACHE_DURATION": str(_CACHED_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def jump(self, offset: str) -> None:
        """Moves it within ``NOTICED_S``, in words of libfaketime: ``+2h``, ``-2h``, ``+400d``."""
        new = self._offset.with_suffix(".new")
        new.write_text(offset)
        new.replace(self._offset)
