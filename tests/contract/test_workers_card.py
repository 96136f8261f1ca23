"""The card of workers on the Settings page, against the real API."""

from pathlib import Path

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from backend.main import create_app
from backend.settings import Settings
from backend.wire.codec import encode
from planner.exchange.registration import Device, WorkerRegistration
from tests.support.installation import credentials_in
from tests.support.live_server import serving
from tests.support.processes import PATIENCE_S

STORE = "s3://checkpoints/team"


def card(url: str, token: str, language: str) -> None:
    """Runs in the page's own script; so it imports what it needs."""
    import httpx

    from frontend.calls.api import Api
    from frontend.session import Session
    from frontend.views import settings_workers

    with httpx.Client(base_url=url, timeout=60) as client:
        api = Api(client, token)
        settings_workers.workers(Session(api=api, me=api.me(), language=language, dark=False))


def register(url: str, token: str) -> httpx.Response:
    worker = WorkerRegistration(
        name="gpu-box",
        device=Device(kind="cpu", name="A processor", memory_bytes=2**33),
        workloads=("digits-mlp",),
        store_url=STORE,
        versions="torch",
    )
    bearer = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{url}/api/workers", json=encode(worker), headers=bearer, timeout=PATIENCE_S)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_administrator_sees_workers_and_shuts_one_out(language: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(create_app(Settings(data_dir=folder, ballast_mib=0))) as url:
        known = credentials_in(folder)
        welcome = register(url, known.registration_token).raise_for_status().json()
        page = AppTest.from_function(
            card, args=(url, known.admin_token, language), default_timeout=120
        ).run()
        assert not page.exception
        shown = "".join(one.value for one in page.get("html"))
        shown += "".join(one.value for one in page.markdown)
        for said in ("gpu-box", "A processor", STORE):
            assert said in shown
        page.selectbox(key="workers.which").select_index(0).run()
        page.button(key="workers.out").click().run()
        assert not page.exception
        assert r"gpu\-box" in page.success[0].value
        beat = httpx.post(
            f"{url}/api/workers/{welcome['worker_id']}/beats",
            json={"runs": []},
            headers={"Authorization": f"Bearer {welcome['worker_token']}"},
        )
        assert beat.status_code == 401


def test_a_store_with_a_key_in_its_address_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(create_app(Settings(data_dir=folder, ballast_mib=0))) as url:
        bearer = {"Authorization": f"Bearer {credentials_in(folder).registration_token}"}
        body = {
            "name": "w",
            "device": {"kind": "cpu", "name": "A processor", "memory_bytes": 1},
            "workloads": ["digits-mlp"],
            "store_url": "s3://key:secret@bucket/folder",
            "versions": "torch",
        }
        answer = httpx.post(f"{url}/api/workers", json=body, headers=bearer, timeout=PATIENCE_S)
        assert answer.status_code == 422
        assert "store_url" in answer.text
        assert "secret@" not in answer.text
