import json
from datetime import datetime

import httpx
import pytest
from click.testing import CliRunner

from backend.cli import main
from tests.support.planted_worker import PlantedWorker, falling_loss
from tests.support.processes import PATIENCE_S


@pytest.fixture
def paybatch(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)
    return lambda *arguments: CliRunner().invoke(main, [*arguments, "--lang", "en"])


def status_with(token, live):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{live[0]}/api/pilots", headers=headers, timeout=PATIENCE_S).status_code


def test_a_token_works_until_it_is_revoked(paybatch, live):
    made = paybatch("token", "make", "--name", "nightly", "--scope", "viewer")
    secret = made.stdout.rpartition(" ")[2].strip()
    assert status_with(secret, live) == 200
    listed = json.loads(paybatch("token", "list").stdout)
    (row,) = [found for found in listed if found["name"] == "nightly"]
    assert row["token"] is None
    paybatch("token", "revoke", row["id"])
    assert status_with(secret, live) == 401


def test_a_token_that_may_only_look_cannot_make_others(paybatch, monkeypatch):
    made = paybatch("token", "make", "--name", "nightly", "--scope", "viewer")
    monkeypatch.setenv("PAYBATCH_TOKEN", made.stdout.rpartition(" ")[2].strip())
    answer = paybatch("token", "make", "--name", "other", "--scope", "admin")
    assert answer.exit_code == 2
    assert answer.stderr.startswith("The token is not good for this.")


def test_a_token_that_does_not_exist_cannot_be_revoked(paybatch):
    answer = paybatch("token", "revoke", "none")
    assert answer.exit_code == 2
    assert answer.stderr.startswith('There is no token "none".')


def test_a_worker_is_listed_and_shut_out(paybatch, live):
    url, _ = live
    registration = paybatch("token", "make", "--name", "new workers", "--scope", "registration")
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
        worker = PlantedWorker(
            http, registration.stdout.rpartition(" ")[2].strip(), lambda *_: falling_loss(0.2)
        )
        (row,) = json.loads(paybatch("token", "workers").stdout)
        assert row["id"] == worker.welcome.worker_id
        assert json.loads(paybatch("token", "revoke-worker", row["id"]).stdout)["id"] == row["id"]
        assert json.loads(paybatch("token", "workers").stdout) == []
    assert paybatch("token", "revoke-worker", "none").exit_code == 2


def test_without_a_token_the_command_says_where_it_would_be(tmp_path, monkeypatch):
    monkeypatch.setenv("PAYBATCH_DATA_DIR", str(tmp_path))
    answer = CliRunner().invoke(main, ["token", "list", "--lang", "en"])
    assert answer.exit_code == 2
    assert answer.stderr.startswith("No token is known for http://127.0.0.1:8200.")


def test_without_a_server_the_command_says_how_to_start_one(monkeypatch):
    monkeypatch.setenv("PAYBATCH_TOKEN", "pb_any")
    url = "http://127.0.0.1:9"
    answer = CliRunner().invoke(main, ["token", "list", "--url", url, "--lang", "ja"])
    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"{url}でPaybatchが応答しません。")


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ((), 90),
        (("--valid-days", "7"), 7),
        (("--never-expires",), None),
        (("--scope", "registration"), None),
    ],
)
def test_a_token_of_people_expires_after_ninety_days_unless_something_else_is_said(
    paybatch, options, days
):
    paybatch("token", "make", "--name", "timed", *options)
    (row,) = [one for one in json.loads(paybatch("token", "list").stdout) if one["name"] == "timed"]
    if days is None:
        assert row["expires_at"] is None
    else:
        made, ends = (datetime.fromisoformat(row[name]) for name in ("created_at", "expires_at"))
        assert (ends - made).days == days


def test_an_expiry_that_is_said_twice_is_refused(paybatch):
    options = ("--valid-days", "7", "--never-expires")
    answer = paybatch("token", "make", "--name", "timed", *options)
    assert answer.exit_code == 2
    assert "not both" in answer.stderr


def test_the_roles_are_printed_from_the_policy(paybatch):
    printed = paybatch("token", "roles").stdout
    assert "| `POST /api/tokens` | – | – | yes |" in printed
    assert "| `GET /api/health` | everybody |" in printed


def test_the_audit_trail_is_printed_newest_first(paybatch):
    paybatch("token", "make", "--name", "first")
    paybatch("token", "make", "--name", "second")
    told = json.loads(paybatch("audit", "--principal", "owner").stdout)
    assert [entry["after"]["name"] for entry in told["items"]] == ["second", "first"]
    assert json.loads(paybatch("audit", "--day", "1999-01-01").stdout)["total"] == 0
    assert paybatch("audit", "--day", "yesterday").exit_code == 2
