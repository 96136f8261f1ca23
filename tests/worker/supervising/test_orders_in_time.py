"""P15 at a worker: no order waits for a slow API, a slow store, or what they have still to take."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.exchange.work import CheckpointRecord, Claim
from tests.worker.builders import a_claimed_run
from tests.worker.supervising.desk import Desk, End, supervise
from tests.worker.supervising.jobs import LONG
from worker.supervising.store import FolderStore

STEP = 5
ENDLESS = a_claimed_run(run_id="run-0", schedule=LONG, epochs=10_000)
ENDS = {"cancel": "cancelled", "pause": "paused"}
EVERY_STEP_S = 0.001
"""A checkpoint is due after nearly every step, and reports what was measured before it."""

STEPS_THAT_WAIT = 30
"""Far more than an API that takes three reports a second takes before the end."""


class Hanging(FolderStore):
    """A store that answers nobody before the test is over."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked = threading.Event()
        self.over = threading.Event()

    def put(self, path: str, folder: Path) -> None:
        self.asked.set()
        self.over.wait()
        super().put(path, folder)

    def get(self, path: str, folder: Path) -> bool:
        self.asked.set()
        self.over.wait()
        return super().get(path, folder)


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Hanging]:
    store = Hanging(tmp_path / "store")
    yield store
    store.over.set()


def a_slow_desk(claim: Claim, order: Any) -> Desk:
    """Orders once the first run is many steps ahead of what was taken of it."""

    def is_far_ahead(runs: list[dict[str, Any]]) -> bool:
        return any(
            run["run_id"] == "run-0" and run["step"] > desk.taken_to + STEPS_THAT_WAIT
            for run in runs
        )

    desk = Desk(claim, order, is_far_ahead, answer_s=0.3)
    return desk


def check_in_time(end: End) -> None:
    assert end.took_s < end.allowed_s


@pytest.mark.parametrize("order", list(ENDS))
def test_an_order_does_not_wait_for_thousands_of_reports_that_a_slow_api_has_not_taken_yet(
    order: Any, tmp_path: Path
) -> None:
    claim = Claim(token=1, runs=(ENDLESS,))
    desk = a_slow_desk(claim, order)
    supervise(desk, FolderStore(tmp_path / "store"), tmp_path, checkpoint_every_s=EVERY_STEP_S)
    assert desk.ends["run-0"].outcome == ENDS[order]
    assert desk.taken_to < desk.ends["run-0"].step, "nothing waited to be taken"
    check_in_time(desk.ends["run-0"])


@pytest.mark.parametrize("order", list(ENDS))
def test_an_order_does_not_wait_for_an_upload(order: Any, tmp_path: Path, hanging: Hanging) -> None:
    desk = Desk(Claim(token=1, runs=(ENDLESS,)), order, lambda _: hanging.asked.is_set())
    supervise(desk, hanging, tmp_path, checkpoint_every_s=EVERY_STEP_S)
    assert desk.ends["run-0"].outcome == ENDS[order]
    check_in_time(desk.ends["run-0"])


def test_an_order_does_not_wait_until_checkpoints_are_fetched_and_no_trainer_is_started(
    tmp_path: Path, hanging: Hanging
) -> None:
    saved = CheckpointRecord(step=STEP, path=f"run-0/a1/step-{STEP}", sha256="0" * 64, size_bytes=1)
    resumed = a_claimed_run(run_id="run-0", attempt=2, checkpoints=(saved,))
    desk = Desk(Claim(token=1, runs=(resumed,)), "cancel", lambda _: hanging.asked.is_set())
    supervise(desk, hanging, tmp_path)
    end = desk.ends["run-0"]
    assert (end.outcome, end.step, end.wall_clock_s, desk.reports) == ("cancelled", STEP, 0.0, 0)
    check_in_time(end)


def test_one_of_a_bundle_does_not_wait_for_the_reports_of_all(tmp_path: Path) -> None:
    runs = tuple(
        a_claimed_run(run_id=f"run-{number}", seed=number, schedule=LONG, epochs=10_000)
        for number in range(3)
    )
    claim = Claim(token=1, runs=runs, execution="batched")
    desk = a_slow_desk(claim, "cancel")
    supervise(desk, FolderStore(tmp_path / "store"), tmp_path, checkpoint_every_s=EVERY_STEP_S)
    assert desk.ends["run-0"].outcome == "cancelled"
    assert {desk.ends[f"run-{number}"].outcome for number in (1, 2)} == {"released"}
    assert desk.taken_to < desk.ends["run-0"].step, "nothing waited to be taken"
    check_in_time(desk.ends["run-0"])
