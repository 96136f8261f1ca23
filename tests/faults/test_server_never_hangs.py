"""P19: whatever clients do, whoever asks whether the API is well gets an answer at once."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.contract.programs import ApiProcess, an_api
from tests.faults.conftest import Often, PromiseOf
from tests.faults.troubles import EVERY
from tests.support.installation import a_pilot
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve

MOST_S = 0.25
"""Of the promise, for 99 answers in a hundred on a computer that has nothing else to do."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("p19")) as api:
        yield api


@pytest.fixture(scope="module")
def pilot_id(api: ApiProcess) -> str:
    """A pilot that is done, so that there is something to review and to draw."""
    pilot = api.create(a_pilot(), throughput=planted_curve())
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
    api: ApiProcess, pilot_id: str, names: list[str], *, for_s: float, folder: Path
) -> dict[str, float]:
    """The 99th percentile of each answer's seconds while troubles go on, and who failed."""
    stop = folder / "stop"
    with control_server() as control, ExitStack() as troubles:
        for name in names:
            troubles.enter_context(EVERY[name](api, pilot_id))
        port = str(httpx.URL(api.url).port)
        command = [sys.executable, "-m", "tests.faults.probing", port, str(control), str(stop)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as prober:
            threading.Event().wait(for_s)
            stop.touch()
            told, _ = prober.communicate()
    stop.unlink()
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
    api: ApiProcess, pilot_id: str, promise: PromiseOf, often: Often, tmp_path: Path
) -> None:
    for_s = often(whole=30, short=6)
    found = asked_meanwhile(api, pilot_id, list(EVERY), for_s=for_s, folder=tmp_path)
    check(found, list(EVERY), promise)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_health_answers_at_once_during(
    api: ApiProcess, pilot_id: str, promise: PromiseOf, name: str, tmp_path: Path
) -> None:
    found = asked_meanwhile(api, pilot_id, [name], for_s=12, folder=tmp_path)
    check(found, [name], promise)
