"""A connection has bounds: who says too much is refused, who says nothing is cut off."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest

from backend.serving.protocol import LARGEST_HEAD_BYTES, REQUEST_WITHIN_S
from tests.contract.programs import ApiProcess, an_api


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("limits")) as api:
        yield api


def connected(api: ApiProcess) -> socket.socket:
    where = httpx.URL(api.url)
    return socket.create_connection((where.host, where.port), timeout=2 * REQUEST_WITHIN_S)


def heard(client: socket.socket) -> bytes:
    """What came until the server closed the connection; nothing where it was cut off."""
    told = b""
    try:
        while more := client.recv(4096):
            told += more
    except ConnectionResetError:
        pass
    return told


@pytest.mark.faults
def test_a_head_without_an_end_is_refused(api: ApiProcess) -> None:
    sent = 0
    with connected(api) as client:
        client.sendall(b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
        with suppress(ConnectionResetError, BrokenPipeError):
            while sent < 100 * LARGEST_HEAD_BYTES:
                client.sendall(b"x" * (LARGEST_HEAD_BYTES // 16))
                sent += LARGEST_HEAD_BYTES // 16
        # The refusal itself may be lost where it meets what is still on its way.
        assert heard(client).partition(b"\r\n")[0] in (b"", b"HTTP/1.1 400 Bad Request")
    assert LARGEST_HEAD_BYTES // 2 < sent < 100 * LARGEST_HEAD_BYTES


@pytest.mark.faults
def test_an_address_that_no_page_needs_is_refused(api: ApiProcess) -> None:
    answer = httpx.get(f"{api.url}/api/health?{'x' * 20_000}")
    assert (answer.status_code, answer.json()["code"]) == (414, "address_too_long")


@pytest.mark.slow
def test_who_never_asks_is_cut_off(api: ApiProcess) -> None:
    began_s = time.monotonic()
    with ExitStack() as clients:
        waiting = []
        for said in (b"", b"GET /api/he", b"GET /api/health HTTP/1.1\r\nHost: 127"):
            waiting.append(client := clients.enter_context(connected(api)))
            client.sendall(said)
        for client in waiting:
            assert heard(client) == b""
            assert time.monotonic() - began_s >= REQUEST_WITHIN_S - 1
