"""A file is taken from whoever may import one, and from nobody else."""

import warnings
from collections.abc import Iterator

import httpx
import pytest
from starlette.responses import PlainTextResponse

from backend.main import create_app
from backend.settings import Settings
from frontend.calls.api import connect
from frontend.serving.uploads import PLACE, Uploads
from frontend.session import COOKIE
from tests.support.installation import credentials_in
from tests.support.live_server import serving
from tests.support.processes import PATIENCE_S, free_port

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

TAKEN = PlainTextResponse("taken")
"""What is behind it, in Streamlit's place."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The API, asked by its owner."""
    folder = tmp_path_factory.mktemp("uploads")
    with serving(create_app(Settings(data_dir=folder, ballast_mib=0))) as url:
        headers = {"Authorization": f"Bearer {credentials_in(folder).admin_token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client:
            yield client


def put_file(api_url: str, token: str | None) -> httpx.Response:
    """The answer to a file that a browser brings."""
    with warnings.catch_warnings(), connect(api_url) as api:
        warnings.simplefilter("ignore")
        page = TestClient(Uploads(TAKEN, api=api), base_url="http://127.0.0.1:8201")
        if token is not None:
            page.cookies.set(COOKIE, token)
        return page.put(f"{PLACE}a-session/a-file", content=b"x")


def session(api: httpx.Client, role: str) -> str:
    link = api.post("/api/sign-in-links", json={"name": f"a {role}", "role": role}).json()["url"]
    token: str = httpx.get(link, timeout=PATIENCE_S).cookies[COOKIE]
    return token


@pytest.mark.parametrize("role", ["planner", "admin"])
def test_who_may_import_may_bring_a_file(role: str, api: httpx.Client):
    assert put_file(str(api.base_url), session(api, role)).text == "taken"


def test_who_only_looks_brings_none(api: httpx.Client):
    answer = put_file(str(api.base_url), session(api, "viewer"))
    assert (answer.status_code, answer.text) == (403, "Refused")


@pytest.mark.parametrize("token", [None, "pb_nobody"])
def test_who_is_not_signed_in_brings_none(token: str | None, api: httpx.Client):
    answer = put_file(str(api.base_url), token)
    assert (answer.status_code, answer.text) == (401, "Refused")


def test_while_the_api_is_away_nobody_brings_any():
    answer = put_file(f"http://127.0.0.1:{free_port()}", "pb_somebody")
    assert (answer.status_code, answer.text) == (503, "Refused")
