"""The webhook: set by an administrator, sent what was told, at least once and signed."""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from backend.services import webhooks
from backend.services.outbox import MOST_TRIES
from backend.tables import AuditRow
from backend.threads.sender import SENDER, WAITS_S, Sender, send, waiting
from backend.unit_of_work import UnitOfWork
from backend.webhook.post import post
from tests.support.app_in_memory import an_api
from tests.support.databases import DATABASES
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import planted_curve
from tests.support.receiver import HOST, URL, Receiver, a_receiver
from wording.catalogue import LANGUAGES
from wording.refusals import refusal_sentence

SELDOM: dict[str, Any] = {"beat_s": 3600.0, "lease_s": 9000.0}
"""The thread does not look while a test does."""

PATIENCE_S = 60.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def kept_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with an_api(tmp_path_factory.mktemp("kept"), **SELDOM) as api:
        yield api


@pytest.fixture
def api(kept_api: Api) -> Iterator[Api]:
    """One for most tests here; each finds the webhook off and nothing waiting."""
    yield kept_api
    kept_api.post("/api/webhook:off", {})


def put(api: Api, url: str) -> httpx.Response:
    owner = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    return api.http.put("/api/webhook", json={"url": url}, headers=owner)


def set_webhook(api: Api, url: str = URL) -> str:
    """The secret of a webhook that is set."""
    secret: str = put(api, url).raise_for_status().json()["secret"]
    return secret


def state(api: Api) -> dict[str, Any]:
    told: dict[str, Any] = api.get("/api/webhook").raise_for_status().json()
    return told


def finish_a_pilot(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve(), key=uuid4().hex)
    api.worker().work_until_idle()


def test_nothing_is_sent_while_no_address_is_set(api: Api) -> None:
    finish_a_pilot(api)
    assert waiting(api.installation) == []
    assert not state(api)["on"]
    assert problem(api.post("/api/webhook:off", {})) == (409, "webhook_is_off", None)
    key = {"Idempotency-Key": uuid4().hex}
    assert problem(api.post("/api/webhook:test", {}, **key)) == (409, "webhook_is_off", None)


def test_what_was_told_arrives_once_in_both_languages_and_signed(
    api: Api, receiver: Receiver
) -> None:
    secret = set_webhook(api)
    finish_a_pilot(api)
    (number,) = waiting(api.installation)
    assert not send(api.installation, receiver.network, number)
    assert not send(api.installation, receiver.network, number)
    (heard,) = receiver.heard
    stamp, signed = heard.headers["Paybatch-Signature"].split(",")
    told = stamp.removeprefix("t=").encode() + b"." + heard.body
    assert signed == "v1=" + hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
    body = json.loads(heard.body)
    pilot = body["pilot"]
    assert (body["kind"], body["facts"]) == ("pilot_finished", {"look": 1, "looks": 2})
    assert pilot["name"] == "Digits, growing batch"
    assert body["link"] == f"http://127.0.0.1:8201/review?pilot={pilot['id']}"
    english, japanese = (body["sentences"][language] for language in LANGUAGES)
    assert english.startswith("Digits, growing batch: the pilot has finished")
    assert japanese.startswith("Digits, growing batch：パイロットが終了しました")
    delivery = state(api)["deliveries"][0]
    assert (delivery["status"], delivery["result"], delivery["answered"]) == (
        "delivered",
        "delivered",
        200,
    )
    assert (delivery["kind"], delivery["tries"]) == ("pilot_finished", 1)


def test_the_secret_is_shown_once_and_kept_nowhere(
    api: Api, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = set_webhook(api, f"{URL}?token=theirs")
    api.post("/api/webhook:test", {}, **{"Idempotency-Key": uuid4().hex}).raise_for_status()
    receiver.status = 500
    send(api.installation, receiver.network, waiting(api.installation)[0])
    assert state(api)["secret"] is None
    folder = api.installation.settings.data_dir
    files = [path for path in folder.iterdir() if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    assert secret not in caplog.text
    assert "theirs" not in caplog.text
    assert set_webhook(api) != secret


def test_a_change_leaves_one_entry_that_knows_the_host_alone(api: Api) -> None:
    before = audited(api)
    set_webhook(api, f"{URL}?token=theirs")
    api.post("/api/webhook:test", {}, **{"Idempotency-Key": uuid4().hex}).raise_for_status()
    api.post("/api/webhook:off", {}).raise_for_status()
    on, test, off = audited(api)[len(before) :]
    assert on == ("owner", "webhook.set", "webhook", {"on": True, "host": HOST})
    assert test == ("owner", "webhook.test", "webhook", {"kind": "test"})
    assert off == ("owner", "webhook.off", "webhook", {"on": False, "host": HOST})


def audited(api: Api) -> list[tuple[Any, ...]]:
    with api.installation.database.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.subject_id == "webhook").order_by(AuditRow.number)
        )
        return [(row.principal, row.action, row.subject_id, row.after) for row in rows]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "webhook_not_https"),
        ("https://good.example.com@127.0.0.1/", "webhook_userinfo"),
        ("https://[::ffff:127.0.0.1]/", "webhook_host"),
        ("https://2130706433/", "webhook_host"),
        ("https://hooks.example.com:25/", "webhook_port"),
        ("https://hooks.example.com/ x", "webhook_characters"),
    ],
)
def test_a_wrong_address_is_refused_at_its_field_in_words(api: Api, url: str, code: str) -> None:
    answer = put(api, url)
    assert problem(answer) == (422, code, "url")
    params = answer.json()["errors"][0]["params"]
    assert all(refusal_sentence(code, language, params) for language in LANGUAGES)
    assert not state(api)["on"]


def test_a_repeated_request_for_a_test_sends_one(api: Api, receiver: Receiver) -> None:
    set_webhook(api)
    key = {"Idempotency-Key": uuid4().hex}
    for _ in range(2):
        api.post("/api/webhook:test", {}, **key).raise_for_status()
    (number,) = waiting(api.installation)
    send(api.installation, receiver.network, number)
    body = json.loads(receiver.heard[0].body)
    assert (body["kind"], set(body["sentences"])) == ("test", set(LANGUAGES))
    assert state(api)["deliveries"][0]["kind"] == "test"
    assert problem(api.post("/api/webhook:test", {}))[1:] == ("missing", "idempotency-key")


def test_what_waits_is_dropped_when_the_webhook_is_switched_off(
    api: Api, receiver: Receiver
) -> None:
    set_webhook(api)
    finish_a_pilot(api)
    (number,) = waiting(api.installation)
    api.post("/api/webhook:off", {}).raise_for_status()
    assert state(api)["deliveries"][0]["status"] == "dropped"
    assert not send(api.installation, receiver.network, number)
    assert receiver.heard == []


def test_what_does_not_arrive_is_tried_again_later_and_not_for_ever(
    api: Api, receiver: Receiver
) -> None:
    receiver.status = 503
    set_webhook(api)
    finish_a_pilot(api)
    sender = Sender(api.installation, receiver.network)
    for tries, wait_s in enumerate(WAITS_S, start=1):
        sender.look()
        api.clock.pass_s(wait_s - 1)
        sender.look()
        assert len(receiver.heard) == tries
        api.clock.pass_s(1)
    sender.look()
    api.clock.pass_s(1e6)
    sender.look()
    delivery = state(api)["deliveries"][0]
    assert len(receiver.heard) == MOST_TRIES == len(WAITS_S) + 1
    assert (delivery["status"], delivery["result"]) == ("given_up", "refused")
    assert (delivery["answered"], delivery["tries"]) == (503, MOST_TRIES)


def test_a_stop_of_the_api_loses_nothing_and_what_it_did_not_note_is_sent_again(
    tmp_path: Path, receiver: Receiver
) -> None:
    with DATABASES.chosen() as url:
        with an_api(tmp_path, database_url=url, **SELDOM) as api:
            set_webhook(api)
            finish_a_pilot(api)
            (number,) = waiting(api.installation)
            with api.installation.database.read() as session:
                work = UnitOfWork(
                    session=session,
                    installation=api.installation,
                    principal=SENDER,
                    now=api.clock.at,
                )
                message = webhooks.message_for(work, number)
            assert message is not None
            assert message.headers is not None
            post(message.url, message.headers, message.body, receiver.network)
        with an_api(tmp_path, database_url=url, **SELDOM) as api:
            assert waiting(api.installation) == [number]
            Sender(api.installation, receiver.network).look()
            assert waiting(api.installation) == []
    first, second = receiver.heard
    assert first.body == second.body
    assert first.headers["Paybatch-Delivery"] == second.headers["Paybatch-Delivery"]


def test_the_thread_of_the_api_sends_by_itself(tmp_path: Path, receiver: Receiver) -> None:
    with an_api(tmp_path, network=receiver.network, beat_s=0.05) as api:
        set_webhook(api)
        api.post("/api/webhook:test", {}, **{"Idempotency-Key": "a"}).raise_for_status()
        assert receiver.arrived.wait(PATIENCE_S)


def test_a_secret_whose_key_is_gone_is_told_instead_of_sending_unsigned(
    api: Api, receiver: Receiver
) -> None:
    set_webhook(api)
    (api.installation.settings.data_dir / "webhook.key").unlink()
    api.post("/api/webhook:test", {}, **{"Idempotency-Key": uuid4().hex}).raise_for_status()
    send(api.installation, receiver.network, waiting(api.installation)[0])
    assert state(api)["deliveries"][0]["result"] == "secret_lost"
    assert receiver.heard == []
