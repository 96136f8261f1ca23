"""Lines of a log on their way: an API that is away delays them, and they delay nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from planner.devices.shared_time import SharedTime
from tests.worker.builders import FOR_EVER, a_claimed_run
from worker.api import ApiAway, WorkerApi
from worker.supervising import log_delivery
from worker.supervising.held_run import HeldRun
from worker.supervising.log_delivery import LogDelivery

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldRun]:
    held = HeldRun(
        a_claimed_run(),
        token=1,
        scratch=tmp_path,
        log_file=tmp_path / "trainer.log",
        device=SharedTime(),
        deadline=FOR_EVER,
    )
    yield held
    held.close()


class Desk:
    """An API that keeps the lines that it is told; ``refusing`` is what it says instead."""

    def __init__(self) -> None:
        self.lines: dict[int, str] = {}
        self.refusing: httpx.Response | None = None
        client = httpx.Client(base_url="http://api", transport=httpx.MockTransport(self.answer))
        self.logs = LogDelivery(WorkerApi(client, token=""))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.refusing is not None:
            return self.refusing
        assert request.url.path.endswith("/attempts/1/log")
        chunk = json.loads(request.content)
        self.lines |= dict(enumerate(chunk["lines"], start=chunk["first_line"]))
        return httpx.Response(200, json={"last_line": max(self.lines)})


def say(held: HeldRun, *lines: str) -> None:
    with (held.scratch / "trainer.log").open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_new_lines_are_brought_when_it_is_time(
    held: HeldRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_delivery, "EVERY_S", FOR_EVER)
    desk = Desk()
    say(held, "one")
    desk.logs.bring_some(held)
    say(held, "two")
    desk.logs.bring_some(held)
    assert desk.lines == {1: "one"}
    held.log_due = 0.0
    desk.logs.bring_some(held)
    assert desk.lines == {1: "one", 2: "two"}


def test_before_the_end_everything_is_brought(held: HeldRun) -> None:
    desk = Desk()
    say(held, *("x" * 999 for _ in range(200)))
    desk.logs.bring_the_rest(held)
    assert len(desk.lines) == 200


def test_an_outage_loses_no_line(held: HeldRun) -> None:
    desk = Desk()
    desk.refusing = httpx.Response(503)
    say(held, "one")
    desk.logs.bring_some(held)
    say(held, "two")
    with pytest.raises(ApiAway):
        desk.logs.bring_the_rest(held)
    desk.refusing = None
    desk.logs.bring_the_rest(held)
    assert desk.lines == {1: "one", 2: "two"}


def test_an_end_does_not_wait_for_ever_for_lines_that_do_not_arrive(held: HeldRun) -> None:
    desk = Desk()
    desk.refusing = httpx.Response(500)
    say(held, "one")
    for _ in range(2):
        with pytest.raises(ApiAway):
            desk.logs.bring_the_rest(held)
    desk.logs.bring_the_rest(held)


def test_lines_that_the_api_will_never_take_are_left_out(held: HeldRun) -> None:
    desk = Desk()
    desk.refusing = httpx.Response(404)
    say(held, "one")
    desk.logs.bring_the_rest(held)
    desk.refusing = None
    say(held, "two")
    desk.logs.bring_the_rest(held)
    assert desk.lines == {2: "two"}


def test_nothing_is_said_of_an_attempt_that_is_somebody_else_s(held: HeldRun) -> None:
    desk = Desk()
    say(held, "one")
    desk.refusing = httpx.Response(409, json={"code": "attempt_fenced"})
    desk.logs.bring_the_rest(held)
    assert held.fenced
    desk.refusing = None
    say(held, "two")
    desk.logs.bring_the_rest(held)
    assert desk.lines == {}
