"""Who may do what; whoever is not known may do nothing."""

import stat
from base64 import urlsafe_b64decode
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from backend.access.security import POLICY, PUBLIC, new_token
from backend.main import ROUTERS
from backend.routes import backups, reports, retention
from backend.routes.dependencies import reading
from backend.routes.one_thread import OneThread
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import planted_curve, post

RANKS = {"viewer": 1, "planner": 2, "admin": 3}

ANSWERS_TO_ANYBODY = {
    "GET /api/health": {200},
    "GET /api/ready": {200},
    "GET /sign-in": {403},
    "GET /sign-in/oidc": {404},
    "GET /sign-in/oidc/callback": {404},
}
"""What the public routes answer to a request that says nothing."""


def described(api: Api) -> Iterator[tuple[str, str]]:
    """Every route that the application serves, as method and path template."""
    for path, methods in api.get("/api/openapi.json").json()["paths"].items():
        for method in methods:
            yield method.upper(), path


def call(api: Api, route: str, token: str | None) -> int:
    method, path = route.split(" ")
    for name in (
        "pilot_id",
        "run_id",
        "worker_id",
        "price_id",
        "token_id",
        "draft_id",
        "result_id",
        "snapshot_id",
        "setting_id",
        "view_id",
        "person_id",
    ):
        path = path.replace(f"{{{name}}}", "none")
    path = path.replace("{number}", "1")
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    body: dict[str, str] | None = None if method == "GET" else {}
    return api.http.request(method, path, json=body, headers=headers).status_code


def token_of(api: Api, scope: str, **more: object) -> str:
    answer = api.post("/api/tokens", {"name": scope, "scope": scope} | more)
    token: str = answer.raise_for_status().json()["token"]
    return token


def test_every_route_has_a_policy_and_every_policy_a_route(api: Api) -> None:
    assert {f"{method} {path}" for method, path in described(api)} == set(POLICY) | PUBLIC


def test_nothing_is_served_beside_the_described_routes(api: Api) -> None:
    """A mount, or a route that no router has, would ask nobody for a credential."""
    app = api.http.app  # type: ignore[attr-defined]
    served = [route for module in ROUTERS for route in module.router.routes]
    assert all(isinstance(route, APIRoute) for route in served)
    assert len(app.router.routes) == len(served) == len({*described(api)})


def test_whoever_reads_closes_what_it_read_in_the_thread_of_its_queries() -> None:
    """`OneThread` does for its handlers; whoever reads before a handler does so itself."""
    for route in (route for module in ROUTERS for route in module.router.routes):
        assert isinstance(route, APIRoute)
        readers = {one.call for one in _below(route.dependant) if _reads(one)}
        handler = {route.endpoint} if isinstance(route, OneThread) else set()
        assert readers <= handler | {backups.made, reports.drawn, retention.believed}, route.path


def _below(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for asked in dependant.dependencies:
        yield from _below(asked)


def _reads(dependant: Dependant) -> bool:
    return any(asked.call is reading for asked in dependant.dependencies)


def test_only_health_and_the_way_in_are_public() -> None:
    assert set(ANSWERS_TO_ANYBODY) == PUBLIC


def test_no_route_answers_without_a_credential_but_the_public_ones(api: Api) -> None:
    for method, path in described(api):
        for tried in (method, "GET", "POST", "PUT", "PATCH", "DELETE"):
            route = f"{tried} {path}"
            expected = ANSWERS_TO_ANYBODY.get(route, {401, 404, 405})
            assert call(api, route, None) in expected, route


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/", "/api", "/static/x"])
def test_nothing_else_is_served(api: Api, path: str) -> None:
    assert problem(api.http.get(path)) == (404, "route_not_found", None)


@pytest.mark.parametrize("scope", ["viewer", "planner", "admin", "registration"])
def test_each_role_may_use_exactly_the_routes_of_its_rank(api: Api, scope: str) -> None:
    token = token_of(api, scope)
    for route, needed in POLICY.items():
        rank = RANKS.get(needed, 9)
        may = RANKS.get(scope, 0) >= rank or scope == needed
        status = call(api, route, token)
        assert (status != 403) == may, route
        assert status < 500, route


@pytest.mark.parametrize("credential", ["pb_wrong", "", "x" * 5000])
def test_an_unknown_credential_is_refused(api: Api, credential: str) -> None:
    assert call(api, "GET /api/pilots", credential) == 401


def test_a_revoked_credential_is_refused(api: Api) -> None:
    answer = api.post("/api/tokens", {"name": "guest", "scope": "viewer"}).json()
    assert call(api, "GET /api/pilots", answer["token"]) == 200
    api.post(f"/api/tokens/{answer['id']}:revoke", {}).raise_for_status()
    assert call(api, "GET /api/pilots", answer["token"]) == 401
    assert [t["token"] for t in api.get("/api/tokens").json()] == [None] * 3


def test_an_expired_credential_is_refused(api: Api) -> None:
    token = token_of(api, "viewer", valid_days=2)
    api.clock.jump(days=1)
    assert call(api, "GET /api/pilots", token) == 200
    api.clock.jump(days=1)
    assert call(api, "GET /api/pilots", token) == 401


def test_a_worker_s_credential_is_good_for_that_worker_only(api: Api) -> None:
    first, second = api.worker(), api.worker(name="second")
    path = f"/api/workers/{second.welcome.worker_id}/claims"
    answer = post(api.http, path, {}, first.welcome.worker_token)
    assert problem(answer) == (403, "not_allowed", None)


@pytest.mark.parametrize("scope", ["worker", "attempt"])
def test_what_a_worker_or_an_attempt_was_given_opens_nothing_of_people_s_or_of_each_other_s(
    api: Api, scope: str
) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    tokens = {"worker": worker.welcome.worker_token, "attempt": claim.runs[0].attempt_token}
    for route in POLICY:
        assert call(api, route, tokens[scope]) == 403, route


def test_an_attempt_s_credential_is_good_for_that_attempt_only(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    first, second = worker.claim(), worker.claim()
    assert first is not None
    assert second is not None
    mine, other = first.runs[0], second.runs[0]
    for run_id, number in ((other.run_id, other.attempt), (mine.run_id, mine.attempt + 1)):
        path = f"/api/runs/{run_id}/attempts/{number}/start"
        answer = post(api.http, path, {"from_step": 0}, mine.attempt_token)
        assert problem(answer) == (403, "not_allowed", None)


def test_a_secret_has_256_random_bits() -> None:
    made = {new_token().removeprefix("pb_") for _ in range(1000)}
    assert len(made) == 1000
    assert {len(urlsafe_b64decode(secret + "=")) * 8 for secret in made} == {256}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/views", '{"name": "\\ud800", "query": {"pilots": "a"}}'),
        ("/api/tokens", '{"name": "\\uDFFF", "scope": "viewer"}'),
        ("/api/reviews:compute", '{"pilot_id": "half \\ud83d"}'),
        ("/api/line-ups:compute", '{"pilots": [{"pilot_id": "\\ud800"}]}'),
    ],
)
def test_half_of_a_character_is_refused_by_every_route(api: Api, path: str, body: str) -> None:
    headers = {
        "Authorization": f"Bearer {api.credentials.admin_token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "half",
    }
    assert problem(api.http.post(path, content=body, headers=headers)) == (422, "not_json", "")


@pytest.mark.parametrize("escaped", ["\\u0000", "a\\\\\\u0000"])
def test_a_nul_character_is_refused_wherever_it_hides(api: Api, escaped: str) -> None:
    headers = {
        "Authorization": f"Bearer {api.credentials.admin_token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "nul",
    }
    body = f'{{"name": "{escaped}", "query": {{"pilots": "a"}}}}'
    answer = api.http.post("/api/views", content=body, headers=headers)
    assert problem(answer) == (422, "nul_character", "")
    assert problem(api.get("/api/pilots/a%00b")) == (422, "nul_character", "")
    searched = api.get("/api/pilots:summaries", search="\0")
    assert problem(searched) == (422, "nul_character", "")


def test_a_backslash_before_what_looks_like_a_nul_character_is_text(api: Api) -> None:
    query = {"pilots": "a"}
    answer = api.post("/api/views", {"name": "\\u0000", "query": query}, **{"Idempotency-Key": "x"})
    assert answer.json()["name"] == "\\u0000"


def test_a_character_that_is_escaped_in_two_halves_is_one(api: Api) -> None:
    headers = {
        "Authorization": f"Bearer {api.credentials.admin_token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "whole",
    }
    body = '{"name": "\\ud83d\\ude00", "query": {"pilots": "a"}}'
    assert api.http.post("/api/views", content=body, headers=headers).json()["name"] == "\U0001f600"


def test_the_first_tokens_are_in_a_file_that_only_the_owner_reads(api: Api) -> None:
    mode = api.installation.settings.credentials_path.stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.file
def test_no_secret_is_stored_in_the_database(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    secrets = [
        api.credentials.admin_token,
        api.credentials.registration_token,
        worker.welcome.worker_token,
        claim.runs[0].attempt_token,
        token_of(api, "viewer"),
    ]
    folder = api.installation.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("paybatch.sqlite*"))
    assert worker.welcome.worker_id.encode() in stored
    assert not [secret for secret in secrets if secret.encode() in stored]


def test_every_change_leaves_one_entry_in_the_audit_trail(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    run = api.runs(pilot.id)[0]
    api.post(f"/api/runs/{run.id}:prioritise", {"priority": 2})
    api.post(f"/api/runs/{run.id}:pause", {"reason": ""})
    api.post(f"/api/pilots/{pilot.id}:cancel", {"reason": ""})
    with api.installation.database.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT principal, action, subject_id FROM audit_entries ORDER BY number"
        )
        assert [tuple(row) for row in rows] == [
            ("owner", "pilot.create", pilot.id),
            ("owner", "run.prioritise", run.id),
            ("owner", "run.pause", run.id),
            ("owner", "pilot.cancel", pilot.id),
        ]
