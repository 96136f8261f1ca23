"""A supervisor at work, and the API in front of it that orders something at a moment of a test."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from planner.exchange.work import BeatCommand, Claim, Device, WorkerRegistration, WorkerWelcome
from tests.support.stopwatch import Stopwatch
from worker.api import WorkerApi
from worker.codec import encode
from worker.scratch import Scratch
from worker.settings import WorkerSettings
from worker.supervising.heart import Heart
from worker.supervising.store import Store
from worker.supervising.store_thread import StoreThread
from worker.supervising.supervisor import Supervisor

WELCOME = WorkerWelcome(
    worker_id="w", worker_token="t", name="cpu", lease_s=60.0, beat_s=0.05, refused=()
)
PROMISED_S = 10.0
"""Within which an order is carried out."""

PATIENCE_S = 120.0
"""After so long a worker that never does what was ordered is told to leave, and the test fails."""

Moment = Callable[[list[dict[str, Any]]], bool]
"""Whether the order is given now, by the runs of a beat."""


@dataclass(frozen=True)
class End:
    """How an attempt ended, how long after the order, and how long that was to be at most."""

    outcome: str
    reason: str
    step: int
    wall_clock_s: float
    took_s: float
    allowed_s: float


@dataclass
class Desk:
    """An API with one claim, of whose first run something is wanted from a moment on.

    Attributes:
        answer_s: How long it thinks about every report.
        reports: How many it took.
        taken_to: The last step of which it has a measurement.
    """

    claim: Claim
    order: BeatCommand
    when: Moment
    answer_s: float = 0.0
    ends: dict[str, End] = field(default_factory=dict)
    reports: int = 0
    taken_to: int = 0
    leave: Callable[[], None] = lambda: None
    _claimed: bool = False
    _ordered: Stopwatch | None = None

    def api(self) -> WorkerApi:
        client = httpx.Client(base_url="http://api", transport=httpx.MockTransport(self.answer))
        return WorkerApi(client, token="t").join(WELCOME)

    def answer(self, request: httpx.Request) -> httpx.Response:
        _, _, _, who, *_, what = request.url.path.split("/")
        body = json.loads(request.content)
        if what == "claims":
            claimed, self._claimed = self._claimed, True
            return httpx.Response(204) if claimed else httpx.Response(200, json=encode(self.claim))
        if what == "beats":
            return httpx.Response(200, json={"runs": self._commands(body["runs"])})
        if what == "finish":
            self._end(who, body)
            return httpx.Response(200, json={})
        self.reports += 1
        self.taken_to = max([self.taken_to, *body.get("steps", ())])
        threading.Event().wait(self.answer_s)
        return httpx.Response(200, json={"acked_seq": body.get("seq", 0)})

    def _commands(self, runs: list[dict[str, Any]]) -> list[dict[str, str]]:
        if self._ordered is None and self.when(runs):
            self._ordered = Stopwatch()
        orders = {} if self._ordered is None else {self.claim.runs[0].run_id: self.order}
        return [
            {"run_id": run["run_id"], "command": orders.get(run["run_id"], "continue")}
            for run in runs
        ]

    def _end(self, run_id: str, body: dict[str, Any]) -> None:
        self.ends[run_id] = End(
            outcome=body["outcome"],
            reason=body.get("reason", ""),
            step=body["step"],
            wall_clock_s=body["wall_clock_s"],
            took_s=self._ordered.took_s if self._ordered else 0.0,
            allowed_s=self._ordered.allowed_s(PROMISED_S) if self._ordered else 0.0,
        )
        if run_id == self.claim.runs[0].run_id:
            self.leave()

    def close(self) -> None:
        if self._ordered is not None:
            self._ordered.end()


def supervise(desk: Desk, store: Store, folder: Path, **settings: Any) -> None:
    """Has a worker carry out a desk's claim, until it is told how the first run ended."""
    heart = Heart(desk.api(), WELCOME)
    store_thread = StoreThread()
    scratch = Scratch(folder / "scratch")
    supervisor = Supervisor(
        WorkerSettings(
            api_url="http://api", registration_token="t", data_dir=folder, name="w", **settings
        ),
        registration=WorkerRegistration(
            name="w",
            device=Device(kind="cpu", name="CPU", memory_bytes=2**32),
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
    lost_patience = threading.Event()

    def lose_patience() -> None:
        lost_patience.set()
        supervisor.leave()

    patience = threading.Timer(PATIENCE_S, lose_patience)
    patience.start()
    heart.start()
    try:
        supervisor.work()
    finally:
        store_thread.close(within_s=1.0)
        patience.cancel()
        heart.stop()
        desk.close()
        scratch.close()
    assert not lost_patience.is_set(), "what was ordered was never done"
