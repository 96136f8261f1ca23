"""Programs at the proxy: what it lets through, what is refused behind it, and what it adds."""

from collections.abc import Iterator
from http import HTTPStatus
from uuid import uuid4

import httpx
import pytest

from tests.browser.programs import Paybatch
from tests.contract.programs import wait_until
from tests.proxy.caddy import Door
from tests.support.processes import PATIENCE_S

MB = 10**6
LARGE_MB = 200
HELD_BYTES = 128 * MB
"""Of the proxy while it lets a file through that is larger than that."""

SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}

ONE_OF_EACH = ["/api/health", "/sign-in", "/", "/plan", "/_stcore/health"]
"""Addresses of the API, of its own pages, and of the page."""


def portions(size_mb: int) -> Iterator[bytes]:
    portion = b"\0" * MB
    for _ in range(size_mb):
        yield portion


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_a_foreign_name_is_refused(path: str, anybody: httpx.Client):
    answer = anybody.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == HTTPStatus.MISDIRECTED_REQUEST


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_both_doors_lead_to_the_page_and_to_the_api(
    path: str, anybody: httpx.Client, owner: httpx.Client
):
    expected = HTTPStatus.FORBIDDEN if path == "/sign-in" else HTTPStatus.OK  # without a link
    assert anybody.get(path).status_code == owner.get(path).status_code == expected


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_over_tls_browsers_are_told_to_stay_there_and_nobody_can_pretend(
    path: str, anybody: httpx.Client, owner: httpx.Client
):
    assert owner.get(path).headers.get_list("Strict-Transport-Security") == ["max-age=31536000"]
    pretended = anybody.get(path, headers={"X-Forwarded-Proto": "https"})
    for answer in (pretended, owner.get(path)):
        assert {"server", "alt-svc"} & set(answer.headers) == set()
        assert answer.headers["x-frame-options"] == "DENY"
    assert "strict-transport-security" not in pretended.headers


def test_without_tls_a_browser_is_led_to_it(tls: Door):
    answer = httpx.get(f"{tls.plain_url}/plan?lang=ja", timeout=PATIENCE_S)
    assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["location"] == f"{tls.url}/plan?lang=ja"


def test_a_link_leads_to_the_door_by_tls_and_its_cookie_stays_there(
    behind: Paybatch, tls: Door, owner: httpx.Client
):
    made = behind.api.post("/api/sign-in-links", {})["url"]
    assert made.startswith(f"{tls.url}/sign-in?code=")
    answer = owner.get(made)
    assert (answer.status_code, answer.headers["location"]) == (HTTPStatus.SEE_OTHER, f"{tls.url}/")
    assert answer.headers["set-cookie"].lower().endswith("; secure")


def test_another_page_changes_nothing_and_opens_no_socket(tls: Door, owner: httpx.Client):
    for origin, order, socket in (
        (tls.url, HTTPStatus.CREATED, HTTPStatus.SWITCHING_PROTOCOLS),
        ("https://evil.example", HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN),
    ):
        own = {"Origin": origin}
        assert owner.post("/api/sign-in-links", json={}, headers=own).status_code == order
        with owner.stream("GET", "/_stcore/stream", headers=SOCKET | own) as answer:
            assert answer.status_code == socket


def test_a_long_answer_comes_through_as_it_is(behind: Paybatch, owner: httpx.Client):
    made = owner.post("/api/backups", headers={"Idempotency-Key": uuid4().hex}).json()
    path = f"/api/backups/{made['number']}/file"
    headers = {"Authorization": owner.headers["Authorization"]}
    direct = httpx.get(
        f"{behind.api.url}{path}", headers=headers, timeout=PATIENCE_S
    ).raise_for_status()
    through = owner.get(path).raise_for_status()
    assert len(through.content) > 100_000
    assert through.content == direct.content


def test_a_large_file_runs_through_without_being_held(tls: Door, owner: httpx.Client):
    size = LARGE_MB * MB
    brought = owner.post(
        "/api/imports?file_name=large.bin",
        content=portions(LARGE_MB),
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
            "Idempotency-Key": uuid4().hex,
        },
    ).raise_for_status()
    found = f"/api/imports/{brought.json()['id']}"
    assert brought.json()["size_bytes"] == size
    assert tls.most_memory_bytes < HELD_BYTES < size
    wait_until(lambda: owner.get(found).json()["phase"] != "looking", what="a look at it")
    owner.delete(found).raise_for_status()


def test_what_is_larger_than_any_request_is_refused(owner: httpx.Client):
    headers = {"Content-Type": "application/json", "Content-Length": str(25 * MB)}
    answer = owner.post("/api/pilots", content=portions(25), headers=headers)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
