"""The client that commands use, against the real application over a real socket."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backend.cli.client import Client
from backend.main import create_app
from backend.settings import Settings
from backend.wire.problems import InputError
from planner.exchange.states import PilotRequest
from tests.support.installation import a_pilot, credentials_in
from tests.support.live_server import serving
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(create_app(Settings(data_dir=tmp_path))) as url:
        yield url


@pytest.fixture
def client(address: str, tmp_path: Path) -> Iterator[Client]:
    with Client(address, credentials_in(tmp_path).admin_token) as connected:
        yield connected


def train_everything(address: str, data_dir: Path) -> None:
    with httpx.Client(base_url=address, timeout=60) as http:
        token = credentials_in(data_dir).registration_token
        PlantedWorker(http, token, lambda *_: falling_loss(0.2)).work_until_idle()


def test_a_pilot_is_created_watched_and_read(client: Client, address: str, tmp_path: Path) -> None:
    request = PilotRequest(pilot=a_pilot(budget={"epochs": 60}), throughput=planted_curve())
    pilot = client.create_pilot(request)
    assert client.pilot(pilot.id).phase == "confirmation"
    assert client.runs(pilot.id, status="queued").total == 4
    train_everything(address, tmp_path)
    assert client.pilot(pilot.id).phase == "done"
    records = client.records(pilot.id)
    assert [len(record.measurements) for record in records] == [61] * 4
    whole = client.series(records[0].run_id, "train")
    assert whole.steps == tuple(range(1, 60 * 34 + 1))


def test_a_refused_pilot_names_its_fields(client: Client) -> None:
    request = PilotRequest(pilot=a_pilot(workload="nothing"))
    with pytest.raises(InputError, match="workload_unknown"):
        client.create_pilot(request)
