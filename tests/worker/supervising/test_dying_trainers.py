"""A trainer whose fork server is gone: it was killed by that, and may be long in going."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from planner.exchange.work import Claim
from tests.worker.builders import FOR_EVER, a_claimed_run
from worker.supervising.held_bundle import HeldBundle

HeldWith = Callable[[int | None], HeldBundle]


@pytest.fixture
def held_with(tmp_path: Path) -> Iterator[HeldWith]:
    """Makes a claim in hand, with a trainer or before it lives."""
    folder = tmp_path / "claim"
    folder.mkdir()
    held = HeldBundle(Claim(token=1, runs=(a_claimed_run(),)), folder=folder, deadline=FOR_EVER)

    def held_with(pid: int | None) -> HeldBundle:
        held.pid = pid
        return held

    yield held_with
    held.close()


@pytest.fixture
def trainer() -> Iterator[subprocess.Popen[bytes]]:
    """Stays until it is killed."""
    trainer = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    with trainer:
        yield trainer
        trainer.kill()


def test_it_was_killed_once_it_is_seen_to_be_gone_however_long_that_takes(
    held_with: HeldWith, trainer: subprocess.Popen[bytes]
) -> None:
    held = held_with(trainer.pid)
    held.lose_fork_server()
    held.look_whether_it_died()
    assert not held.ended
    trainer.kill()
    trainer.wait()
    held.look_whether_it_died()
    assert held.ended
    assert (held.exit_code, held.why_killed != "") == (-signal.SIGKILL, True)


def test_nobody_waits_for_it_when_its_lease_may_have_passed(
    held_with: HeldWith, trainer: subprocess.Popen[bytes]
) -> None:
    held = held_with(trainer.pid)
    held.lose_fork_server()
    held.members[0].extend(0.0)
    held.look_whether_it_died()
    assert held.ended
    assert (held.exit_code, held.why_killed) == (None, "")


def test_one_that_does_not_live_yet_never_will(held_with: HeldWith) -> None:
    held = held_with(None)
    held.lose_fork_server()
    assert held.ended
    assert held.exit_code is None


def test_one_that_ended_before_stays_as_it_ended(held_with: HeldWith) -> None:
    held = held_with(1)
    held.ended, held.exit_code = True, 0
    held.lose_fork_server()
    held.look_whether_it_died()
    assert (held.ended, held.exit_code) == (True, 0)
