"""The page's own server: under which names it answers, to whose pages, and with which headers."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.middleware import Middleware
from streamlit import App

from frontend.serving.guard import PageGuard
from frontend.serving.headers import CONTENT_SECURITY_POLICY, HEADERS, SecurityHeaders

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient
    from starlette.websockets import WebSocketDisconnect

HOME = "http://127.0.0.1:8201"

PAGES = ("/", "/plan", "/_stcore/health", "/_stcore/host-config", "/media/none", "/no/such/page")


@pytest.fixture(scope="module")
def page() -> Iterator[TestClient]:
    """Streamlit's server with ours around it; no script is run by what is asked here."""
    app = App(
        Path(__file__).parents[2] / "frontend" / "app.py",
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(PageGuard, allowed_hosts={"127.0.0.1", "localhost"}),
        ],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with TestClient(app, base_url=HOME) as client:
            yield client


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_private_and_unframed(page: TestClient, path: str):
    answer = page.get(path)
    assert HEADERS.items() <= {name.title(): answer.headers[name] for name in HEADERS}.items()
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


def test_nothing_is_loaded_from_elsewhere_and_nobody_may_frame_a_page():
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    for sources in rules.values():
        assert not [one for one in sources.split() if "//" in one or one in ("*", "https:")]


def test_over_tls_browsers_are_asked_to_come_back_over_tls(page: TestClient):
    answer = page.get("https://127.0.0.1:8201/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8201", "[::", ""]
)
def test_a_name_that_was_rebound_to_this_computer_is_refused(page: TestClient, host: str):
    for path in PAGES:
        answer = page.get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert answer.headers["x-frame-options"] == "DENY"


FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://localhost:8201"},
    {"Origin": "null"},
    {"Origin": "http://[::"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_socket_from_a_foreign_page_is_refused(page: TestClient, headers: dict[str, str]):
    with (
        pytest.raises(WebSocketDisconnect),
        page.websocket_connect("/_stcore/stream", headers={"Host": "127.0.0.1:8201", **headers}),
    ):
        pass


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_file_from_a_foreign_page_is_refused(page: TestClient, headers: dict[str, str]):
    answer = page.put("/_stcore/upload_file/a/b", headers=headers, content=b"x")
    assert answer.status_code == 403


def test_its_own_page_opens_a_socket(page: TestClient):
    own = {"Host": "127.0.0.1:8201", "Origin": HOME, "Sec-Fetch-Site": "same-origin"}
    with page.websocket_connect("/_stcore/stream", headers=own, subprotocols=["streamlit"]):
        pass
