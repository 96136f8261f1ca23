"""How the API stops: in order, in time, and with a status that says that all is well."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.programs import ApiProcess, an_api
from tests.faults.conftest import PromiseOf
from tests.support.processes import wait_until

pytestmark = pytest.mark.faults

LIMIT_S = 10.0
"""Of the promise: after it whatever still goes on is left behind."""


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiProcess]:
    with an_api(tmp_path) as api:
        yield api


def begun(api: ApiProcess, body: bytes) -> socket.socket:
    """A request whose last byte is still to come."""
    where = httpx.URL(api.url)
    token = api.credentials.admin_token
    head = b"POST /api/tokens HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    client = socket.create_connection((where.host, where.port))
    client.sendall(head + body[:-1])
    return client


def is_ready(api: ApiProcess) -> bool:
    try:
        return httpx.get(f"{api.url}/api/ready").is_success
    except httpx.TransportError:
        return False


def told_to_stop(api: ApiProcess) -> float:
    """The second at which it was told; it is not ready from then on."""
    wait_until(lambda: is_ready(api), what="a ready API")
    told_s = time.monotonic()
    api.signal(signal.SIGTERM)
    wait_until(lambda: not is_ready(api), what="an API that is not ready")
    return told_s


def test_it_answers_what_was_begun_keeps_what_it_acknowledged_and_ends_with_status_0(
    api: ApiProcess, promise: PromiseOf
) -> None:
    body = b'{"name": "last", "scope": "viewer"}'
    with begun(api, body) as asking, begun(api, body), httpx.Client(base_url=api.url) as idle:
        idle.get("/api/health").raise_for_status()
        told_s = told_to_stop(api)
        asking.sendall(body[-1:])
        assert asking.recv(4096).startswith(b"HTTP/1.1 201")
        assert api.wait() == 0
    took_s = time.monotonic() - told_s
    promise("P9").add(stops=1, acks=1)
    promise("P9").recovered(took_s)
    assert took_s < 2 * LIMIT_S
    api.start()
    assert [token["name"] for token in api.get("/api/tokens")].count("last") == 1


def test_a_second_signal_makes_it_faster(api: ApiProcess, promise: PromiseOf) -> None:
    with begun(api, b"{}"):
        told_to_stop(api)
        again_s = time.monotonic()
        api.signal(signal.SIGTERM)
        assert api.wait() == 0
    promise("P9").add(stops=1)
    assert time.monotonic() - again_s < LIMIT_S / 2
