from collections.abc import Iterator
from pathlib import Path

import pytest

from paybatch import Paybatch, Refused, Unreachable
from tests.support.installation import a_pilot
from tests.support.losing_proxy import LosingProxy, losing
from tests.support.planted_worker import planted_curve
from tests.support.processes import free_port


@pytest.fixture
def lossy(address: str, token: str) -> Iterator[tuple[Paybatch, LosingProxy]]:
    with losing(address) as (url, proxy), Paybatch(url, token=token) as client:
        yield client, proxy


def test_a_pilot_whose_answer_was_lost_is_started_once(
    lossy: tuple[Paybatch, LosingProxy],
) -> None:
    client, proxy = lossy
    proxy.losing = 2
    made = client.start(a_pilot(name="Lost twice"), throughput=planted_curve())
    assert proxy.seen == ["POST /api/pilots"] * 3
    assert [one.id for one in client.pilots(search="Lost twice")] == [made.id]


def test_a_script_that_is_run_again_with_its_key_gets_the_same_pilot(paybatch: Paybatch) -> None:
    pilot, curve = a_pilot(name="Weekly"), planted_curve()
    first = paybatch.start(pilot, throughput=curve, key="tuesday")
    again = paybatch.start(pilot, throughput=curve, key="tuesday")
    other = paybatch.start(pilot, throughput=curve)
    assert first == again
    assert {one.id for one in paybatch.pilots(search="Weekly")} == {first.id, other.id}


def test_a_question_whose_answer_was_lost_is_asked_again(
    lossy: tuple[Paybatch, LosingProxy],
) -> None:
    client, proxy = lossy
    proxy.losing = 1
    assert client.plan(a_pilot()).run_counts.confirmation == 4
    assert proxy.seen == ["POST /api/plans:compute"] * 2


def test_an_order_whose_answer_was_lost_is_not_given_twice(
    lossy: tuple[Paybatch, LosingProxy],
) -> None:
    client, proxy = lossy
    pilot = client.start(a_pilot(), throughput=planted_curve())
    (run, *_) = client.runs(pilot.id)
    proxy.losing = 1
    with pytest.raises(Unreachable):
        client.pause(run.id)
    assert proxy.seen[-1] == f"POST /api/runs/{run.id}:pause"
    assert proxy.seen.count(proxy.seen[-1]) == 1
    assert [one.id for one in client.runs(pilot.id, status="paused")] == [run.id]


def test_where_nothing_answers_is_said_after_the_patience_that_was_asked_for() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with (
        Paybatch(url, token="t" * 32, patience_s=0.3) as client,
        pytest.raises(Unreachable, match=f"no answer from {url}"),
    ):
        client.examples()


def test_the_owners_token_is_found_in_the_installations_folder(
    address: str, token: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del token
    monkeypatch.setenv("PAYBATCH_DATA_DIR", str(folder))
    monkeypatch.setenv("PAYBATCH_URL", address)
    monkeypatch.delenv("PAYBATCH_TOKEN", raising=False)
    with Paybatch() as client:
        assert client.examples()


def test_the_owners_token_is_sent_to_this_computer_only(
    address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del address
    monkeypatch.setenv("PAYBATCH_DATA_DIR", str(folder))
    monkeypatch.delenv("PAYBATCH_TOKEN", raising=False)
    with pytest.raises(Refused) as caught:
        Paybatch("https://paybatch.example")
    assert (caught.value.field, caught.value.code) == ("token", "token_missing")
    assert caught.value.status is None


def test_what_is_sent_to_this_computer_goes_past_every_proxy(
    address: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with Paybatch(address, token=token, patience_s=0.0) as client:
        assert client.examples()


def test_a_token_that_is_not_known_is_refused(address: str) -> None:
    with Paybatch(address, token="t" * 32) as client, pytest.raises(Refused) as caught:
        client.examples()
    assert caught.value.status == 401
