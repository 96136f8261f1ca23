"""What is refused before any route: foreign hosts and pages, and bodies that nobody should send."""

import pytest

from tests.support.installation import Api, problem


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Host": "evil.example"}, 421, "host_not_allowed"),
        ({"Host": "127.0.0.1.evil.example"}, 421, "host_not_allowed"),
        ({"Origin": "http://evil.example"}, 403, "origin_not_allowed"),
        ({"Origin": "null"}, 403, "origin_not_allowed"),
        ({"Origin": "http://127.0.0.1:9999"}, 403, "origin_not_allowed"),
        ({"Origin": "http://127.0.0.1:port"}, 403, "origin_not_allowed"),
        ({"Origin": "file://127.0.0.1:8201"}, 403, "origin_not_allowed"),
        ({"Sec-Fetch-Site": "same-site"}, 403, "origin_not_allowed"),
        (
            {"Origin": "http://127.0.0.1:8201", "Sec-Fetch-Site": "cross-site"},
            403,
            "origin_not_allowed",
        ),
        ({"Sec-Fetch-Site": "cross-site"}, 403, "origin_not_allowed"),
        ({"Content-Length": "999999999"}, 413, "body_too_large"),
        ({"Content-Length": "many"}, 413, "body_too_large"),
        ({"Content-Length": "9" * 5000}, 413, "body_too_large"),
        ({"Content-Type": "text/plain"}, 415, "not_json_body"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415, "not_json_body"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415, "not_json_body"),
        ({"Content-Type": ""}, 415, "not_json_body"),
        ({"Transfer-Encoding": "chunked"}, 411, "length_required"),
    ],
)
def test_forged_requests_are_refused_before_any_route(
    api: Api, headers: dict[str, str], status: int, code: str
) -> None:
    answer = api.post("/api/tokens", {"name": "x", "scope": "admin"}, **headers)
    assert problem(answer) == (status, code, None)
    assert len(api.get("/api/tokens").json()) == 2


@pytest.mark.parametrize("path", ["/api/health", "/sign-in", "/api/pilots"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_question_brings_no_body_without_a_bound_either(api: Api, method: str, path: str) -> None:
    """Whoever has no credential may ask these, too: their bodies would fill the memory."""
    answer = api.http.request(method, path, content=b"x", headers={"Content-Length": "999999999"})
    assert answer.status_code == 413
    answer = api.http.request(method, path, headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:8201", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:8201"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Content-Type": "application/json; charset=utf-8"},
    ],
)
def test_its_own_pages_and_programs_are_answered(api: Api, headers: dict[str, str]) -> None:
    answer = api.post("/api/tokens", {"name": "x", "scope": "viewer"}, **headers)
    assert answer.status_code == 201


def test_a_form_of_a_foreign_page_cannot_pass_as_json(api: Api) -> None:
    answer = api.http.post(
        "/api/tokens",
        content='{"name": "x", "scope": "admin"}',
        headers={
            "Authorization": f"Bearer {api.credentials.admin_token}",
            "Content-Type": "text/plain",
        },
    )
    assert problem(answer) == (415, "not_json_body", None)
    assert len(api.get("/api/tokens").json()) == 2
