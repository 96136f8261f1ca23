"""Waiting for other processes, whether they live, and where they may listen."""

import itertools
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

PATIENCE_S = 120.0

PATIENCE_WITH_A_PROBE_S = 280.0
"""Where a worker that has just started first measures its device."""

PORTS_OF_A_PROCESS = 1000
"""Of those below the ones that a computer gives away by itself."""


def wait_until(
    condition: Callable[[], Any], *, what: str = "it", patience_s: float = PATIENCE_S
) -> Any:
    """What ``condition`` returns as soon as it is true."""
    until = time.monotonic() + patience_s
    while not (found := condition()):
        assert time.monotonic() < until, f"{what} did not happen"
        time.sleep(0.02)
    return found


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def free_port() -> int:
    """A port that nobody listens on, and that no other process of these tests is given."""
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


def _own_ports() -> Iterator[int]:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first, begin = 20_000 + number * PORTS_OF_A_PROCESS, random.randrange(PORTS_OF_A_PROCESS)  # noqa: S311
    return (first + (begin + count) % PORTS_OF_A_PROCESS for count in itertools.count())


_PORTS = _own_ports()
