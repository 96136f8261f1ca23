"""Reports on their way: one that no trainer of ours makes ends its run, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from planner.exchange.work import CheckpointRecord, Claim
from tests.worker.builders import FOR_EVER, a_claimed_run
from worker.api import WorkerApi
from worker.spool import SpoolWriter
from worker.supervising.delivery import Delivery
from worker.supervising.held_bundle import HeldBundle
from worker.supervising.store import FolderStore
from worker.supervising.store_thread import StoreThread

RUNS = tuple(a_claimed_run(run_id=f"run-{number}") for number in range(2))


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldBundle]:
    folder = tmp_path / "claim"
    folder.mkdir()
    held = HeldBundle(Claim(token=1, runs=RUNS), folder=folder, deadline=FOR_EVER)
    yield held
    held.close()


class Desk:
    """An API that takes everything and keeps how runs ended."""

    def __init__(self, store: Path) -> None:
        self.ends: dict[str, tuple[str, str]] = {}
        self.checkpoints: list[str] = []
        client = httpx.Client(base_url="http://api", transport=httpx.MockTransport(self.answer))
        self.delivery = Delivery(WorkerApi(client, token=""), FolderStore(store), StoreThread())

    def answer(self, request: httpx.Request) -> httpx.Response:
        *_, run_id, _, _, what = request.url.path.split("/")
        body = json.loads(request.content)
        if what == "finish":
            self.ends[run_id] = (body["outcome"], body.get("reason", ""))
        elif what == "checkpoints":
            self.checkpoints.append(body["path"])
        return httpx.Response(200, json={})


def test_a_report_that_cannot_be_read_ends_its_run_alone(held: HeldBundle, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "store")
    (held.members[0].scratch / "spool").write_bytes(b"what a plug-in printed into the wrong file")
    desk.delivery.deliver(held)
    assert desk.ends == {"run-0": ("failed", "report_unreadable")}
    assert [member.run.run_id for member in held.going_on] == ["run-1"]


def test_a_checkpoint_in_the_place_of_another_run_s_is_not_stored(
    held: HeldBundle, tmp_path: Path
) -> None:
    desk = Desk(tmp_path / "store")
    scratch = held.members[0].scratch
    (scratch / "checkpoints/a1/step-5").mkdir(parents=True)
    writer = SpoolWriter(scratch / "spool")
    writer.append(CheckpointRecord(step=5, path="run-1/a1/step-5", sha256="0" * 64, size_bytes=1))
    writer.close()
    desk.delivery.deliver(held)
    assert desk.ends == {"run-0": ("failed", "report_unreadable")}
    assert desk.checkpoints == []
    assert list((tmp_path / "store").iterdir()) == []


def test_no_checkpoint_of_a_cancelled_run_is_stored_and_of_a_paused_one_the_last(
    held: HeldBundle, tmp_path: Path
) -> None:
    desk = Desk(tmp_path / "store")
    cancelled, paused = held.members
    cancelled.command, paused.command = "cancel", "pause"
    for member in held.members:
        writer = SpoolWriter(member.scratch / "spool")
        for step in (5, 6):
            path = f"{member.run.run_id}/a1/step-{step}"
            (member.scratch / "checkpoints" / "a1" / f"step-{step}").mkdir(parents=True)
            writer.append(CheckpointRecord(step=step, path=path, sha256="0" * 64, size_bytes=1))
        writer.close()
    while not desk.delivery.deliver(held):
        pass
    assert desk.checkpoints == ["run-1/a1/step-6"]
    assert [place.name for place in (tmp_path / "store").glob("*/*/*")] == ["step-6"]
