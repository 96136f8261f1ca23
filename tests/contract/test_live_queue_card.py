"""What the Live page says of runs that wait, against the real API, in both languages."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from backend.main import create_app
from backend.settings import Settings
from backend.wire.codec import encode
from planner.exchange.registration import Device, WorkerRegistration
from planner.exchange.states import PilotRequest
from tests.support.installation import a_pilot, credentials_in
from tests.support.live_server import serving
from tests.support.planted_worker import DEVICE, planted_curve
from wording.catalogue import say
from wording.language import Language


def cards(url: str, token: str, language: str, pilot_id: str) -> None:
    """Runs in the page's own script; so it imports what it needs."""
    import httpx

    from frontend.calls.api import Api
    from frontend.session import Session
    from frontend.views import live_queue, live_tables

    with httpx.Client(base_url=url, timeout=60) as client:
        api = Api(client, token)
        session = Session(api=api, me=api.me(), language=language, dark=False)
        view = api.live(pilot_id)
        live_queue.card(session, view)
        live_tables.workers(session, view)
        live_tables.runs(session, view)


def posted(url: str, path: str, body: object, token: str, **headers: str) -> Any:
    bearer = {"Authorization": f"Bearer {token}", **headers}
    return (
        httpx.post(f"{url}{path}", json=body, headers=bearer, timeout=60).raise_for_status().json()
    )


def a_waiting_pilot(url: str, token: str) -> str:
    """Two of its four runs want two devices."""
    pilot = a_pilot(devices=[{"schedule": "growing batch", "counts": [2]}])
    body = encode(PilotRequest(pilot=pilot, throughput=planted_curve()))
    made = posted(url, "/api/pilots", body, token, **{"Idempotency-Key": "waits"})
    return str(made["id"])


def a_worker(url: str, token: str, device: Device) -> None:
    worker = WorkerRegistration(
        name="one device",
        device=device,
        workloads=("digits-mlp",),
        store_url="file:///planted",
        versions="planted 1",
    )
    posted(url, "/api/workers", encode(worker), token)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_kind_of_waiting_run_has_a_row_with_its_workers_and_its_reason(
    language: Language, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with serving(create_app(Settings(data_dir=folder, ballast_mib=0))) as url:
        known = credentials_in(folder)
        pilot_id = a_waiting_pilot(url, known.admin_token)
        a_worker(url, known.registration_token, DEVICE)
        page = AppTest.from_function(
            cards, args=(url, known.admin_token, language, pilot_id), default_timeout=120
        ).run()
        assert not page.exception
        shown = "".join(one.proto.body for one in page.get("html"))
        assert say("page.live.queues", language) in shown
        assert say("wait_reason.next", language) in shown
        assert say("wait_reason.too_few_devices", language, devices="2", most="1") in shown
        assert shown.count(f">{DEVICE.name}<") == 2 + 1  # two kinds of runs, and one worker
        (runs,) = page.dataframe
        assert sorted(runs.value["devices"]) == [1, 1, 2, 2]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_a_worker_it_is_said_how_to_start_one(language: Language, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(create_app(Settings(data_dir=folder, ballast_mib=0))) as url:
        known = credentials_in(folder)
        pilot_id = a_waiting_pilot(url, known.admin_token)
        page = AppTest.from_function(
            cards, args=(url, known.admin_token, language, pilot_id), default_timeout=120
        ).run()
        assert not page.exception
        shown = "".join(one.proto.body for one in page.get("html"))
        assert say("wait_reason.no_worker", language).split('"')[0] in shown
