"""Whoever asks the same at the same time is told the same, and never what was before a change."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from backend.remembered.shared_answers import MOST_KEPT, SAME_FOR_S, SharedAnswers
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve


@dataclass
class World:
    """What answers are made of, and how often one was."""

    moment: int = 0
    now_s: float = 0.0
    made: int = 0
    meanwhile: Callable[[], None] = field(default=lambda: None)

    def make(self) -> bytes:
        self.made += 1
        answer = f"answer {self.made} of moment {self.moment}".encode()
        self.meanwhile()
        return answer

    def shared(self) -> SharedAnswers:
        return SharedAnswers(moment=lambda: self.moment, monotonic_s=lambda: self.now_s)


def run(asked: Callable[[SharedAnswers, World], Coroutine[Any, Any, Any]]) -> World:
    world = World()
    asyncio.run(asked(world.shared(), world))
    return world


def test_64_who_ask_at_once_cost_one_answer() -> None:
    async def ask(shared: SharedAnswers, world: World) -> None:
        told = await asyncio.gather(*(shared.once("live", world.make) for _ in range(64)))
        assert set(told) == {b"answer 1 of moment 0"}

    assert run(ask).made == 1


def test_what_changed_is_seen_by_whoever_asks_after_it() -> None:
    async def ask(shared: SharedAnswers, world: World) -> None:
        await shared.once("live", world.make)
        world.moment = 1
        assert await shared.once("live", world.make) == b"answer 2 of moment 1"

    run(ask)


def test_an_answer_during_which_something_changed_is_for_those_who_asked_before() -> None:
    async def ask(shared: SharedAnswers, world: World) -> None:
        def change() -> None:
            world.moment, world.meanwhile = 1, lambda: None

        world.meanwhile = change
        before, second = await asyncio.gather(
            shared.once("live", world.make), shared.once("live", world.make)
        )
        assert before == second == b"answer 1 of moment 0"
        assert await shared.once("live", world.make) == b"answer 2 of moment 1"

    run(ask)


def test_an_answer_grows_old() -> None:
    async def ask(shared: SharedAnswers, world: World) -> None:
        await shared.once("live", world.make)
        world.now_s = SAME_FOR_S - 0.01
        assert await shared.once("live", world.make) == b"answer 1 of moment 0"
        world.now_s = SAME_FOR_S
        assert await shared.once("live", world.make) == b"answer 2 of moment 0"

    run(ask)


def test_another_question_has_another_answer_and_no_more_are_kept_than_fit() -> None:
    async def ask(shared: SharedAnswers, world: World) -> None:
        for number in range(MOST_KEPT + 1):
            await shared.once(number, world.make)
        await shared.once(MOST_KEPT, world.make)
        assert world.made == MOST_KEPT + 1
        await shared.once(0, world.make)
        assert world.made == MOST_KEPT + 2

    run(ask)


def test_a_failure_is_told_to_its_asker_alone() -> None:
    async def ask(shared: SharedAnswers, world: World) -> None:
        def fail() -> bytes:
            raise LookupError

        with pytest.raises(LookupError):
            await shared.once("live", fail)
        assert await shared.once("live", world.make) == b"answer 1 of moment 0"

    run(ask)


def test_the_live_view_shows_an_order_to_whoever_gave_it(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    address = f"/api/pilots/{pilot.id}/live"
    first, *_ = api.get(address).json()["runs"]
    assert first["run"]["status"] == "queued"
    api.post(f"/api/runs/{first['run']['id']}:cancel", {}).raise_for_status()
    assert api.get(address).json()["runs"][0]["run"]["status"] == "cancelled"


def test_the_live_view_shows_what_a_worker_said_last(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=0)
    address = f"/api/pilots/{pilot.id}/live"
    for step in (3, 5):
        worker.beat(claim, step=step)
        shown = {one["run"]["id"]: one["run"]["step"] for one in api.get(address).json()["runs"]}
        assert shown[run.run_id] == step
