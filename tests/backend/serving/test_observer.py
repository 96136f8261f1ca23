"""Every answer carries an id under which its line in the log is found."""

import json
import logging
import warnings
from pathlib import Path

import pytest

from backend.access.security import POLICY
from backend.main import create_app
from backend.settings import Settings
from tests.support.installation import Api, credentials_in
from wording.log_lines import JsonLines

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    formatter = JsonLines(str)
    found = [record for record in caplog.records if record.name == "backend.serving.observer"]
    return [json.loads(formatter.format(record)) for record in found]


def test_a_sane_request_id_is_kept_and_any_other_replaced(api: Api) -> None:
    for given in ("my.id-1", "x" * 64):
        answer = api.http.get("/api/health", headers={"X-Request-ID": given})
        assert answer.headers["X-Request-ID"] == given
    for given in ("", "x" * 65, "a b", "a;DROP", "<script>"):
        answer = api.http.get("/api/health", headers={"X-Request-ID": given})
        made = answer.headers["X-Request-ID"]
        assert made != given
        assert len(made) == 32


def test_a_request_that_was_refused_at_the_door_has_an_id_too(api: Api) -> None:
    answer = api.http.get("/api/health", headers={"Host": "evil.example", "X-Request-ID": "a"})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (421, "a")


def test_a_change_and_a_refusal_leave_one_line_each_and_a_read_leaves_none(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        api.get("/api/pilots").raise_for_status()
        api.post("/api/tokens", {"name": "guest", "scope": "viewer"}).raise_for_status()
        api.get("/api/runs/none")
        api.http.get("/made/up/by/somebody")
    made, missing, unmatched = lines(caplog)
    assert made["event"] == "request"
    assert (made["principal"], made["method"], made["status"]) == ("owner", "POST", 201)
    assert made["route"] == "/api/tokens"
    assert isinstance(made["duration_ms"], float)
    assert (missing["route"], missing["status"]) == ("/api/runs/{run_id}", 404)
    assert missing["run_id"] == "none"
    assert (unmatched["route"], unmatched["status"]) == ("unmatched", 404)
    assert api.credentials.admin_token not in caplog.text


def test_what_workers_do_all_the_time_leaves_no_line(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        worker = api.worker()
        assert worker.claim() is None
    (registered,) = lines(caplog)
    assert registered["route"] == "/api/workers"


def test_refusals_do_not_fill_the_disk(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for _ in range(400):
            api.http.get("/none")
    assert 100 <= len(lines(caplog)) < 200


def test_an_unknown_error_is_written_once_with_its_traceback_under_the_id_of_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(data_dir=tmp_path))

    @app.get("/api/broken")
    def broken() -> None:
        raise KeyError("why it broke")

    monkeypatch.setitem(POLICY, "GET /api/broken", "viewer")
    with TestClient(app, base_url="http://127.0.0.1") as client, caplog.at_level(logging.INFO):
        token = credentials_in(tmp_path).admin_token
        answer = client.get("/api/broken", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    (line,) = lines(caplog)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert (line["route"], line["status"]) == ("/api/broken", 500)
    assert "why it broke" in str(line["traceback"])
    assert len([record for record in caplog.records if record.exc_info]) == 1
