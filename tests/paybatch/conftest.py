"""The client against the real application over a real socket, its worker planted."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.main import create_app
from backend.settings import Settings
from paybatch import Paybatch
from planner.exchange.states import PilotState
from tests.support.gated_pilots import plant, priced_pilot
from tests.support.installation import credentials_in
from tests.support.live_server import serving
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the installation that the tests of a module share."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(create_app(Settings(data_dir=folder, backup_every_h=0, ballast_mib=0))) as url:
        yield url


@pytest.fixture(scope="module")
def token(address: str, folder: Path) -> str:
    del address  # the credentials are made when it starts
    return credentials_in(folder).admin_token


@pytest.fixture(scope="module")
def paybatch(address: str, token: str) -> Iterator[Paybatch]:
    with Paybatch(address, token=token) as client:
        yield client


@pytest.fixture(scope="module")
def worker(address: str, folder: Path) -> Iterator[PlantedWorker]:
    with httpx.Client(base_url=address, timeout=60) as http:
        yield PlantedWorker(http, credentials_in(folder).registration_token, plant)


@pytest.fixture(scope="module")
def measured(paybatch: Paybatch, worker: PlantedWorker) -> PilotState:
    """A pilot that is done: three seeds of two schedules, 30 epochs of 34 steps at most."""
    pilot = paybatch.start(priced_pilot(budget={"epochs": 30}), throughput=planted_curve())
    worker.work_until_idle()
    return paybatch.wait(pilot.id)


@pytest.fixture(autouse=True)
def nothing_queued(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves work to another."""
    yield
    if "paybatch" in request.fixturenames:
        client: Paybatch = request.getfixturevalue("paybatch")
        for pilot in client.pilots():
            if pilot.phase not in ("done", "cancelled"):
                client.cancel_pilot(pilot.id)
