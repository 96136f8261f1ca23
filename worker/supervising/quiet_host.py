"""Keeps other trainings off a host while its speed is measured."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_RETRY_S = 0.05

GiveUp = Callable[[], bool]
"""Asked while waiting; True goes on without the lock: there is nothing to measure any more."""


@contextmanager
def quiet_host(lock_dir: Path, *, give_up: GiveUp) -> Iterator[None]:
    """Waits until no other worker of this host trains or probes, and keeps it so.

    A waiting probe holds the gate, through which every training comes: it cannot be starved.
    """
    with (
        _locked(lock_dir / "paybatch-gate.lock", fcntl.LOCK_EX, give_up),
        _locked(lock_dir / "paybatch-devices.lock", fcntl.LOCK_EX, give_up),
    ):
        yield


@contextmanager
def shared_host(lock_dir: Path, *, give_up: GiveUp) -> Iterator[None]:
    """Waits until no probe holds this host or waits for it; trainings do not exclude each other."""
    with ExitStack() as held:
        with _locked(lock_dir / "paybatch-gate.lock", fcntl.LOCK_SH, give_up):
            devices = _locked(lock_dir / "paybatch-devices.lock", fcntl.LOCK_SH, give_up)
            held.enter_context(devices)
        yield


@contextmanager
def _locked(path: Path, kind: int, give_up: GiveUp) -> Iterator[None]:
    descriptor = _open(path)
    waiting = threading.Event()
    try:
        while not _try_lock(descriptor, kind) and not give_up():
            waiting.wait(_RETRY_S)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    """Opens a lock file that another user of the host may own; reading is enough to lock."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
