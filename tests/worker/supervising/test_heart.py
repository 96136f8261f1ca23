"""Signs of life: whatever is answered to one, the next one comes."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest

from planner.exchange.work import Claim, WorkerWelcome
from tests.support.processes import PATIENCE_S
from tests.worker.builders import FOR_EVER, a_claimed_run
from worker.api import WorkerApi
from worker.supervising.heart import Heart
from worker.supervising.held_bundle import HeldBundle

WELCOME = WorkerWelcome(
    worker_id="w", worker_token="t", name="cpu", lease_s=0.5, beat_s=0.02, refused=()
)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldBundle]:
    folder = tmp_path / "claim"
    folder.mkdir()
    run = a_claimed_run(run_id="run")
    held = HeldBundle(Claim(token=1, runs=(run,)), folder=folder, deadline=FOR_EVER)
    yield held
    held.close()


def test_an_answer_that_is_none_does_not_end_the_beats(held: HeldBundle) -> None:
    answers = iter((httpx.Response(200, text="<html>a proxy's page</html>"),))
    came_again = Event()

    def answer(_: httpx.Request) -> httpx.Response:
        first = next(answers, None)
        if first is None:
            came_again.set()
        return first or httpx.Response(503)

    client = httpx.Client(base_url="http://api", transport=httpx.MockTransport(answer))
    heart = Heart(WorkerApi(client, token="t"), WELCOME)
    heart.hold(held)
    heart.start()
    assert came_again.wait(PATIENCE_S)
    heart.let_go()
    heart.stop()


def test_a_worker_without_runs_beats_only_to_say_that_its_disk_is_full() -> None:
    said: list[object] = []
    twice = Event()

    def answer(request: httpx.Request) -> httpx.Response:
        said.append(json.loads(request.content))
        if len(said) > 1:
            twice.set()
        return httpx.Response(200, json={"runs": []})

    client = httpx.Client(base_url="http://api", transport=httpx.MockTransport(answer))
    heart = Heart(WorkerApi(client, token="t"), WELCOME)
    heart.disk_full = True
    heart.start()
    assert twice.wait(PATIENCE_S)
    heart.stop()
    assert said[0] == {"runs": [], "disk_full": True}


def test_nothing_is_left_of_a_claim_that_cannot_be_prepared(
    held: HeldBundle, tmp_path: Path
) -> None:
    heart = Heart(WorkerApi(httpx.Client(base_url="http://api"), token="t"), WELCOME)
    with heart.holding_while_prepared(held):
        assert heart.idle_for_s() == 0
    assert heart.idle_for_s() == 0
    with pytest.raises(OSError, match="no room"), heart.holding_while_prepared(held):
        raise OSError("no room")
    Event().wait(0.01)
    assert heart.idle_for_s() > 0
    assert list(tmp_path.iterdir()) == []


def test_a_worker_is_idle_from_its_last_run_on(held: HeldBundle) -> None:
    heart = Heart(WorkerApi(httpx.Client(base_url="http://api"), token="t"), WELCOME)
    waited = Event()
    waited.wait(0.01)
    before = heart.idle_for_s()
    assert before >= 0.01
    heart.hold(held)
    assert heart.idle_for_s() == 0
    heart.let_go()
    waited.wait(0.01)
    assert heart.idle_for_s() >= 0.01
