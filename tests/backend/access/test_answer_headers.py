"""Every answer of the API is private, unframed and told to nobody, whatever its status."""

import warnings

import pytest
from fastapi import FastAPI
from httpx import Response

from backend.access.answer_headers import HEADERS
from backend.access.security import POLICY, PUBLIC
from tests.support.installation import Api, pilot_data, schedule_data

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

OWN = {"Content-Security-Policy"}
"""What a route may say in its own words, still without frames or scripts."""


def is_private(answer: Response) -> bool:
    said = answer.headers
    policy = said["content-security-policy"]
    return (
        all(said[name] == value for name, value in HEADERS.items() if name not in OWN)
        and "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and "script-src" not in policy
        and "server" not in said
    )


def test_every_route_answers_with_the_headers_at_every_status(shared_api: Api) -> None:
    seen = set()
    for route in sorted({*POLICY, *PUBLIC}):
        method, path = route.split(" ")
        body = None if method == "GET" else {}
        known = {"Authorization": f"Bearer {shared_api.credentials.admin_token}"}
        for tried, headers in ((method, {}), (method, known), ("PATCH", {})):
            answer = shared_api.http.request(
                tried, path, json=body, headers=headers, follow_redirects=False
            )
            assert is_private(answer), (route, answer.headers)
            seen.add(answer.status_code)
    assert seen >= {200, 401, 403, 404, 405, 422}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/nowhere", {}, 404),
        ("/api/prices", {"Host": "evil.example"}, 421),
        ("/api/prices", {"Origin": "http://evil.example"}, 403),
        ("/api/prices", {"Transfer-Encoding": "chunked"}, 411),
        ("/api/prices", {"Content-Length": "999999999"}, 413),
        ("/api/prices", {"Content-Type": "text/plain"}, 415),
    ],
)
def test_what_is_refused_before_any_route_has_the_headers(
    shared_api: Api, path: str, headers: dict[str, str], status: int
) -> None:
    answer = shared_api.post(path, {"a": 1}, **headers)
    assert answer.status_code == status
    assert is_private(answer)


def test_a_failure_that_nobody_foresaw_has_the_headers_and_says_nothing(api: Api) -> None:
    app = api.http.app  # type: ignore[attr-defined]
    assert isinstance(app, FastAPI)
    installation, app.state.installation = app.state.installation, None
    try:
        quiet = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        answer = quiet.get("/api/me", headers={"Authorization": "Bearer pb_secret"})
    finally:
        app.state.installation = installation
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "pb_secret" not in answer.text
    assert is_private(answer)


def test_a_created_thing_and_a_file_have_the_headers(api: Api) -> None:
    created = api.post("/api/pilots", {"pilot": pilot_data()}, **{"Idempotency-Key": "a"})
    assert (created.status_code, is_private(created)) == (201, True)
    asked = {
        "schedule": schedule_data("constant"),
        "to": "yaml",
        "epochs": 4,
        "training_samples": 100,
    }
    taken_home = api.post("/api/schedules:export", asked)
    assert (taken_home.status_code, is_private(taken_home)) == (200, True)


def test_only_answers_over_tls_ask_browsers_to_come_back_over_tls(shared_api: Api) -> None:
    assert "strict-transport-security" not in shared_api.http.get("/api/health").headers
    over_tls = shared_api.http.get("https://127.0.0.1/api/health")
    assert over_tls.headers["strict-transport-security"] == "max-age=31536000"
