"""The API as the process that it is, started, killed and frozen by tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx

from backend.access.security import load_credentials
from backend.wire.codec import decode, encode
from planner.devices.throughput import ThroughputCurve
from planner.exchange.states import Page, PilotRequest, PilotState, RunState, Series
from planner.pilots.pilot import Pilot
from tests.support.loaded_api import LoadedApi
from tests.support.processes import PATIENCE_S
from tests.support.processes import free_port as free_port
from tests.support.processes import is_alive as is_alive
from tests.support.processes import wait_until as wait_until

LEASE_S = 6.0
BEAT_S = 0.3

CALM_LEASE_S = 60.0
"""Where no lease is to pass, however long this computer lets a worker wait for its turn."""

OPEN = ("queued", "running", "paused")
"""States of runs that are not over."""

AS_IT_IS: Mapping[str, str] = MappingProxyType({})
"""No variable of the environment beside those of the test itself."""


class ApiProcess:
    """One installation of the API; it can be killed and started again on its port."""

    def __init__(
        self,
        folder: Path,
        *,
        environment: Mapping[str, str] = AS_IT_IS,
        often: bool = False,
        **settings: str | int | float,
    ) -> None:
        """Settings by the names that `backend.settings` gives them.

        One that is started ``often`` is forked from a process that has loaded the program.
        """
        self._often = often
        self._environment = dict(environment)
        self._settings = {f"PAYBATCH_{name.upper()}": str(settings[name]) for name in settings}
        self.data_dir = folder / "api"
        self._port = int(settings.get("port", free_port()))
        self._log = folder / "api.log"
        self.url = f"http://{settings.get('host', '127.0.0.1')}:{self._port}"
        self._anybody = httpx.Client(base_url=self.url)
        self.start()
        credentials = load_credentials(self.data_dir / "credentials.json")
        assert credentials is not None
        self.credentials = credentials
        self.token_file = folder / "registration.token"
        self.token_file.write_text(credentials.registration_token)
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {credentials.admin_token}"},
            timeout=PATIENCE_S,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text()

    def start(self) -> None:
        self.launch()
        wait_until(self._healthy, what=f"a healthy API, see {self._log}")

    def launch(self) -> None:
        """Starts it and waits for nothing."""
        settings = {
            "PAYBATCH_DATA_DIR": str(self.data_dir),
            "PAYBATCH_PORT": str(self._port),
            "PAYBATCH_LEASE_S": str(LEASE_S),
            "PAYBATCH_BEAT_S": str(BEAT_S),
            "PAYBATCH_BALLAST_MIB": "0",
        } | self._settings
        self._process = self._launched(os.environ | self._environment | settings)

    def _launched(self, environment: Mapping[str, str]) -> LoadedApi | subprocess.Popen[bytes]:
        if self._often:
            return LoadedApi(environment=environment, log=self._log)
        with self._log.open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", "backend"], env=environment, stderr=log)

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Stops it where it is: it neither answers nor refuses."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        return self._process.wait(PATIENCE_S)

    def stop(self) -> None:
        """Ends it as an administrator does."""
        self._process.terminate()
        self._process.wait()

    def close(self) -> None:
        self._http.close()
        self._anybody.close()
        self.stop()

    def create(self, pilot: Pilot, *, throughput: ThroughputCurve | None) -> PilotState:
        answer = self._http.post(
            "/api/pilots",
            json=encode(PilotRequest(pilot=pilot, throughput=throughput)),
            headers={"Idempotency-Key": uuid4().hex},
        )
        return decode(PilotState, answer.raise_for_status().json())

    def pilot(self, pilot_id: str) -> PilotState:
        return decode(PilotState, self.get(f"/api/pilots/{pilot_id}"))

    def runs(self, pilot_id: str) -> tuple[RunState, ...]:
        page = self.get("/api/runs", pilot_id=pilot_id, page_size=100)
        return decode(Page[RunState], page).items

    def run(self, run_id: str) -> RunState:
        return decode(RunState, self.get(f"/api/runs/{run_id}"))

    def order(self, run_id: str, verb: str) -> None:
        self._ordered(run_id, verb).raise_for_status()

    def cancel_everything(self) -> None:
        """Leaves no run for the workers of another test."""
        asked: set[str] = set()

        def cancelled() -> bool:
            left = {run_id for status in OPEN for run_id in self._in(status)}
            for run_id in left - asked:
                self._ordered(run_id, "cancel")  # one that has just ended refuses it
            asked.update(left)
            return not left

        wait_until(cancelled, what="the end of every run")

    def series(self, run_id: str, group: str) -> Series:
        return decode(Series, self.get(f"/api/runs/{run_id}/series", group=group, points=1000))

    def post(self, path: str, body: object, *, method: str = "POST") -> Any:
        """The JSON that a route answers to a value; nothing that is sent here is a repetition."""
        once = {"Idempotency-Key": uuid4().hex}
        answer = self._http.request(method, path, json=encode(body), headers=once)
        return answer.raise_for_status().json()

    def get(self, path: str, **query: Any) -> Any:
        """The JSON that a route answers."""
        return self._http.get(path, params=query).raise_for_status().json()

    def _in(self, status: str) -> list[str]:
        """Ids of runs."""
        return [run["id"] for run in self.get("/api/runs", status=status, page_size=100)["items"]]

    def _ordered(self, run_id: str, verb: str) -> httpx.Response:
        return self._http.post(f"/api/runs/{run_id}:{verb}", json={"reason": "a test"})

    def _healthy(self) -> bool:
        assert self.is_running, self.log
        try:
            return self._anybody.get("/api/health").is_success
        except httpx.TransportError:
            return False
