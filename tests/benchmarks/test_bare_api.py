"""The bare app that the API's costs are measured with gives the same answers, byte for byte."""

import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx
import pytest

from tests.support.app_in_memory import an_api
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

pytestmark = pytest.mark.file

WAYS = ("orm", "core", "json")


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with an_api(tmp_path) as api:
        yield api


@pytest.fixture
def bare(api: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """The bare app on the database of the API, which holds a trained pilot and a queued one."""
    api.create(a_pilot(), throughput=planted_curve())
    api.worker().work_until_idle()
    api.create(a_pilot(name="Waits"), throughput=planted_curve(), key="second")
    path = api.installation.settings.database_path
    monkeypatch.setenv("PAYBATCH_BARE_DATABASE", str(path))
    module = import_module("benchmarks.bare_api")
    with TestClient(module.app) as http:
        yield http
    module.READERS.dispose()
    module.WRITER.dispose()


def test_both_give_the_same_answers(api: Api, bare: httpx.Client) -> None:
    owner = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    runs = api.get("/api/runs", page_size=50).json()["items"]
    assert {run["status"] for run in runs} == {"succeeded", "queued"}
    paths = ["/runs?page_size=3", "/runs?page_size=3&page=2"]
    paths += [f"/runs/{run['id']}" for run in (runs[0], runs[-1])]
    paths += [f"/runs/{runs[0]['id']}/series?group={group}" for group in ("train", "evaluation")]
    for path in paths:
        ours = api.http.get(f"/api{path}", headers=owner).raise_for_status().content
        for way in WAYS:
            assert bare.get(f"/{way}{path}").raise_for_status().content == ours, (way, path)


@pytest.mark.parametrize("way", ["orm", "json"])
def test_both_make_the_same_pilot(api: Api, bare: httpx.Client, way: str) -> None:
    body = {"pilot": api.get("/api/pilots").json()["items"][0]["pilot"]}
    body["throughput"] = api.get("/api/pilots").json()["items"][0]["throughput"]
    ours = api.post("/api/pilots", body, **{"Idempotency-Key": "third"}).raise_for_status().json()
    theirs = bare.post(f"/{way}/pilots", json=body).raise_for_status().json()
    for made in (ours, theirs):
        del made["id"], made["created_at"]
    assert theirs == ours
