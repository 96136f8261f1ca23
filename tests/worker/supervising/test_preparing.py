"""Between a claim and its trainer: it is beaten for while its checkpoints are fetched."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import httpx

from planner.exchange.work import (
    CheckpointRecord,
    Claim,
    ClaimedRun,
    Device,
    WorkerRegistration,
    WorkerWelcome,
)
from tests.support.processes import PATIENCE_S
from tests.worker.builders import a_claimed_run
from worker.api import WorkerApi
from worker.codec import encode
from worker.scratch import Scratch
from worker.settings import WorkerSettings
from worker.supervising.heart import Heart
from worker.supervising.store import FolderStore, StoreAway
from worker.supervising.store_thread import StoreThread
from worker.supervising.supervisor import Supervisor

WELCOME = WorkerWelcome(
    worker_id="w", worker_token="t", name="cpu", lease_s=0.5, beat_s=0.02, refused=()
)
STEP = 5


def resumed(run_id: str) -> ClaimedRun:
    saved = CheckpointRecord(
        step=STEP, path=f"{run_id}/a1/step-{STEP}", sha256="0" * 64, size_bytes=1
    )
    return a_claimed_run(run_id=run_id, attempt=2, checkpoints=(saved,))


class Desk:
    """An API with one claim, of whose runs the first is not taken back."""

    def __init__(self) -> None:
        self.claims = [Claim(token=1, runs=(resumed("run-0"), resumed("run-1")))]
        self.beaten = Event()
        self.ends: dict[str, tuple[str, str, int]] = {}
        self.leave: Callable[[], None] = lambda: None

    def api(self) -> WorkerApi:
        client = httpx.Client(base_url="http://api", transport=httpx.MockTransport(self.answer))
        return WorkerApi(client, token="t").join(WELCOME)

    def answer(self, request: httpx.Request) -> httpx.Response:
        _, _, _, who, *_, what = request.url.path.split("/")
        body = json.loads(request.content)
        if what == "claims":
            claim = self.claims.pop() if self.claims else None
            return httpx.Response(204) if claim is None else httpx.Response(200, json=encode(claim))
        if what == "beats":
            if len(body["runs"]) == 2:
                self.beaten.set()
            return httpx.Response(200, json={"runs": []})
        self.ends[who] = (body["outcome"], body.get("reason", ""), body["step"])
        if len(self.ends) == 2:
            self.leave()
        return httpx.Response(409 if who == "run-0" else 200, json={})


class SlowAndAway(FolderStore):
    """Says that it is away only when somebody has beaten for the runs that ask."""

    def __init__(self, root: Path, beaten: Event) -> None:
        super().__init__(root)
        self._beaten = beaten
        self.waited = False

    def get(self, path: str, folder: Path) -> bool:
        folder.mkdir(parents=True)
        self.waited = self._beaten.wait(PATIENCE_S)
        raise StoreAway(f"{path} is not to be had now")


def test_a_claim_is_beaten_for_while_it_is_prepared_and_goes_back_whole_without_its_store(
    tmp_path: Path,
) -> None:
    desk = Desk()
    heart = Heart(desk.api(), WELCOME)
    store = SlowAndAway(tmp_path / "store", desk.beaten)
    store_thread = StoreThread()
    scratch = Scratch(tmp_path / "scratch")
    supervisor = Supervisor(
        WorkerSettings(
            api_url="http://api", registration_token="t", data_dir=tmp_path, name="slow"
        ),
        registration=WorkerRegistration(
            name="slow",
            device=Device(kind="cpu", name="CPU", memory_bytes=2**30),
            workloads=("digits-mlp",),
            store_url=store.url,
            versions="torch",
        ),
        api=desk.api(),
        heart=heart,
        store=store,
        store_thread=store_thread,
        scratch=scratch,
    )
    desk.leave = supervisor.leave
    heart.start()
    try:
        supervisor.work()
    finally:
        store_thread.close(within_s=1.0)
        heart.stop()
    assert store.waited
    back = ("released", "store_away", STEP)
    assert desk.ends == {"run-0": back, "run-1": back}
    assert list((tmp_path / "scratch").glob("*/attempt-*")) == []
    scratch.close()
