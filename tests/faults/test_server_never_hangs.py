"""P19: whatever clients do, whoever asks whether the API is well gets an answer at once."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from backend.webhook.network import Network
from tests.contract.programs import ApiProcess, a_worker, an_api, wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.troubles import EVERY, LONG
from tests.support.app_in_memory import an_api as an_api_in_memory
from tests.support.curve_here import curve_here
from tests.support.installation import a_pilot, schedule_data
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve
from tests.support.receiver import PUBLIC, URL, trust
from tests.support.stuck_plug_in import NAME, StuckPlugIn

pytestmark = pytest.mark.alone

MOST_S = 0.25
"""Of the promise, for 99 answers in a hundred on a computer that has nothing else to do."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("p19")) as api:
        yield api


@pytest.fixture(scope="module")
def pilot_id(api: ApiProcess) -> str:
    """A pilot that is done, so that there is something to review and to draw; and a long one."""
    pilot = api.create(a_pilot(), throughput=planted_curve())
    small = {"batch_size": {"initial": 4}}
    schedules = [schedule_data("today", role="baseline", **small), schedule_data("other", **small)]
    long = a_pilot(name=LONG, budget={"epochs": 10}, schedules=schedules)
    api.create(long, throughput=planted_curve())
    with httpx.Client(base_url=api.url, timeout=60) as http:
        token = api.credentials.registration_token
        PlantedWorker(http, token, lambda *_: falling_loss(0.2)).work_until_idle()
    return pilot.id


@contextmanager
def control_server() -> Iterator[int]:
    """The port of a server that shows what the computer itself takes."""
    command = [sys.executable, "-m", "tests.faults.control_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def asked_meanwhile(
    api: ApiProcess, pilot_id: str, names: Iterable[str], *, times: int
) -> dict[str, float]:
    """The 99th percentile of each answer's seconds while troubles go on, and who failed."""
    with control_server() as control, ExitStack() as troubles:
        for name in names:
            troubles.enter_context(EVERY[name](api, pilot_id))
        port = str(httpx.URL(api.url).port)
        command = [sys.executable, "-m", "tests.faults.probing", port, str(control), str(times)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    heard = json.loads(told)
    found = {path: float(np.quantile(taken, 0.99)) for path, taken in heard["taken"].items()}
    asked = len(heard["taken"]["/api/health"])
    return found | {"failed": heard["failed"], "asked": asked, "slowness": heard["slowness"]}


def check(found: dict[str, float], names: list[str], promise: PromiseOf) -> None:
    health_s, control_s = found["/api/health"], found["control"]
    promise("P19").add(
        asked=int(2 * found["asked"]), failed=int(found["failed"]), troubles=len(names)
    )
    promise("P19").recovered(health_s)
    told = f"{names}: health {health_s:.3f} s, ready {found['/api/ready']:.3f} s"
    told += f", the computer itself {control_s:.3f} s"
    told += f", which computes {found['slowness']:.1f} times slower than a quiet one"
    most_s = MOST_S * found["slowness"] + control_s
    assert found["failed"] == 0, told
    assert health_s < most_s, told
    assert found["/api/ready"] < most_s, told


@pytest.mark.faults
def test_health_answers_at_once_while_everybody_misbehaves_together(
    api: ApiProcess, pilot_id: str, promise: PromiseOf, often: Often
) -> None:
    found = asked_meanwhile(api, pilot_id, EVERY, times=often(whole=150, short=100))
    check(found, list(EVERY), promise)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_health_answers_at_once_during(
    api: ApiProcess, pilot_id: str, promise: PromiseOf, name: str
) -> None:
    found = asked_meanwhile(api, pilot_id, [name], times=120)
    check(found, [name], promise)


@pytest.mark.slow
def test_health_answers_at_once_while_a_plug_in_is_stuck(
    api: ApiProcess, pilot_id: str, promise: PromiseOf, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    stuck = StuckPlugIn(site, tmp_path / "marks")
    stuck.get_stuck_in("step")
    paths = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    with a_worker(api, tmp_path / "worker", environment={"PYTHONPATH": paths}):
        wait_until(
            lambda: NAME in {one["workload"]["name"] for one in api.get("/api/workloads")},
            what="the report of the plug-in",
        )
        stuck_pilot = api.create(a_pilot(workload=NAME), throughput=curve_here(NAME))
        stuck.child()
        found = asked_meanwhile(api, pilot_id, [], times=120)
        for run in api.runs(stuck_pilot.id):
            api.order(run.id, "cancel")
        wait_until(
            lambda: all(run.status == "cancelled" for run in api.runs(stuck_pilot.id)),
            what="the end of what was stuck",
        )
    check(found, ["a stuck plug-in"], promise)


@pytest.mark.faults
def test_a_webhook_that_never_answers_keeps_nobody_waiting(
    promise: PromiseOf, tmp_path: Path
) -> None:
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def connect(_address: str, _port: int, timeout_s: float) -> socket.socket:
            called.set()
            return socket.create_connection(silent.getsockname(), timeout=timeout_s)

        network = Network(resolve=lambda *_: (PUBLIC,), connect=connect, trust=trust)
        with an_api_in_memory(tmp_path, network=network, beat_s=0.1, lease_s=1.0) as api:
            owner = {"Authorization": f"Bearer {api.credentials.admin_token}"}
            api.http.put("/api/webhook", json={"url": URL}, headers=owner).raise_for_status()
            api.post("/api/webhook:test", {}, **{"Idempotency-Key": "x"}).raise_for_status()
            assert called.wait(60)
            took_s = [seconds_of(lambda: api.get("/api/health")) for _ in range(100)]
            took_s += [seconds_of(lambda: api.get("/api/notifications")) for _ in range(100)]
            api.create(a_pilot(), throughput=planted_curve())
            silent.close()
    slow_s = float(np.quantile(took_s, 0.99))
    promise("P19").add(asked=len(took_s), troubles=1)
    promise("P19").recovered(slow_s)
    assert slow_s < MOST_S, f"{slow_s:.3f} s"


def seconds_of(ask: Callable[[], httpx.Response]) -> float:
    began_s = time.perf_counter()
    ask().raise_for_status()
    return time.perf_counter() - began_s
