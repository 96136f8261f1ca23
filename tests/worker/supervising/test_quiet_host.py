import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.support.processes import PATIENCE_S
from worker.supervising.quiet_host import quiet_host, shared_host

WAIT_S = 0.3


def never() -> bool:
    return False


class Visitor:
    """Enters a host in a thread of its own and stays until it is sent away."""

    def __init__(self, host: AbstractContextManager[None]) -> None:
        self.inside = threading.Event()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._visit, args=(host,))
        self._thread.start()

    def _visit(self, host: AbstractContextManager[None]) -> None:
        with host:
            self.inside.set()
            self._leave.wait(PATIENCE_S)

    def leave(self) -> None:
        self._leave.set()
        self._thread.join()


def test_trainings_share_a_host(tmp_path: Path) -> None:
    with shared_host(tmp_path, give_up=never), shared_host(tmp_path, give_up=never):
        pass


def test_a_probe_waits_for_every_training_to_end(tmp_path: Path) -> None:
    with shared_host(tmp_path, give_up=never):
        probe = Visitor(quiet_host(tmp_path, give_up=never))
        assert not probe.inside.wait(WAIT_S)
    assert probe.inside.wait(PATIENCE_S)
    probe.leave()


def test_a_training_waits_for_a_probe_that_waits_itself(tmp_path: Path) -> None:
    with shared_host(tmp_path, give_up=never):
        probe = Visitor(quiet_host(tmp_path, give_up=never))
        assert not probe.inside.wait(WAIT_S)
        training = Visitor(shared_host(tmp_path, give_up=never))
        assert not training.inside.wait(WAIT_S)
    assert probe.inside.wait(PATIENCE_S)
    assert not training.inside.wait(WAIT_S)
    probe.leave()
    assert training.inside.wait(PATIENCE_S)
    training.leave()


def test_who_is_asked_to_leave_does_not_wait(tmp_path: Path) -> None:
    asked: Callable[[], bool] = threading.Event().is_set
    with quiet_host(tmp_path, give_up=asked), shared_host(tmp_path, give_up=lambda: True):
        pass
