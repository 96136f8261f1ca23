"""A whole Paybatch as the processes it is: API, page and worker, on free ports."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from backend.wire.codec import decode
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.page_states import SignInLink
from planner.exchange.states import PilotState
from planner.pilots.pilot import Pilot
from tests.contract.programs import (
    PATIENCE_S,
    ApiProcess,
    WorkerProcess,
    free_port,
    wait_until,
)
from tests.support.installation import credentials_in
from tests.support.planted_worker import Plant, PlantedWorker, planted_curve

LEASE_S = 6.0
"""Long enough for two processor cores that a browser uses, too."""

BEAT_S = 0.5


class PageProcess:
    """The page program; it can be killed and started again on its port."""

    def __init__(self, api_url: str, folder: Path, *, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._api_url = api_url
        self._port = port
        self._log = folder / "page.log"
        self.start()

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def start(self) -> None:
        arguments = ["--port", str(self._port), "--api", self._api_url]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "frontend", *arguments],
                stdout=log,
                stderr=log,
                env=os.environ | {"HOME": str(self._log.parent)},
            )
        wait_until(self._healthy, what=f"a healthy page, see {self._log}")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _healthy(self) -> bool:
        assert self._process.poll() is None, self.log
        try:
            return httpx.get(f"{self.url}/_stcore/health").is_success
        except httpx.TransportError:
            return False


class Paybatch:
    """One installation; its worker is there when it was asked for."""

    def __init__(self, folder: Path, **settings: str | int | float) -> None:
        """Settings beside the usual ones, by the names that `backend.settings` gives them."""
        port = free_port()
        self.folder = folder
        usual = {"page_port": port, "lease_s": LEASE_S, "beat_s": BEAT_S}
        self.api = ApiProcess(folder, **(usual | settings))
        self.page = PageProcess(self.api.url, folder, port=port)
        self._workers: list[WorkerProcess] = []

    def close(self) -> None:
        for worker in self._workers:
            worker.close()
        self.page.close()
        self.api.close()

    def start_worker(self) -> WorkerProcess:
        """Another worker on this computer; all keep their checkpoints in one place."""
        store = self.folder / "store"
        store.mkdir(exist_ok=True)
        name = f"worker-{len(self._workers) + 1}"
        worker = WorkerProcess(self.api, self.folder / name, store=store)
        self._workers.append(worker)
        return worker

    def sign_in_link(self) -> str:
        """What `paybatch open` prints, at the API itself, whatever its public address is."""
        made = urlsplit(decode(SignInLink, self.api.post("/api/sign-in-links", {})).url)
        return f"{self.api.url}{made.path}?{made.query}"

    def plant(
        self,
        pilot: Pilot,
        plant: Plant,
        *,
        measures: ThroughputCurve | None = None,
        scaling: ScalingCurve | None = None,
    ) -> PilotState:
        """A pilot that a planted worker took to its end, so that its truth is known.

        With ``measures``, the worker's probe measures that curve, which is kept, and with it what
        several devices did.
        """
        known = None if measures else planted_curve(workload=pilot.workload)
        started = self.api.create(pilot, throughput=known)
        self.work(plant, workload=pilot.workload, measures=measures, scaling=scaling)
        return self.api.pilot(started.id)

    def work(
        self,
        plant: Plant,
        *,
        workload: str,
        measures: ThroughputCurve | None = None,
        scaling: ScalingCurve | None = None,
    ) -> None:
        """Takes every run that waits to its end, as a planted worker does."""
        token = credentials_in(self.folder / "api").registration_token
        with httpx.Client(base_url=self.api.url, timeout=PATIENCE_S) as http:
            worker = PlantedWorker(
                http, token, plant, workloads=(workload,), curve=measures, scaling=scaling
            )
            worker.work_until_idle()


@contextmanager
def a_paybatch(folder: Path, **settings: str | int | float) -> Iterator[Paybatch]:
    paybatch = Paybatch(folder, **settings)
    try:
        yield paybatch
    finally:
        paybatch.close()
