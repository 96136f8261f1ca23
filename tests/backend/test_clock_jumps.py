"""The time of day jumps while no time passes: only what is written down as a day changes."""

import pytest

from backend.wire.codec import decode
from planner.exchange.page_states import LiveView
from tests.support.installation import Api, StillClock, a_pilot, schedule_data
from tests.support.planted_worker import planted_curve

JUMPS = [{"hours": 2}, {"hours": -2}, {"days": 400}]

JUMP = pytest.mark.parametrize("jump", JUMPS, ids=["+2h", "-2h", "+400d"])


def finish_s(api: Api, pilot_id: str) -> float:
    answer = api.get(f"/api/pilots/{pilot_id}/live").raise_for_status()
    expected = decode(LiveView, answer.json()).expected_finish_s
    assert expected is not None
    return expected


@JUMP
def test_runs_are_claimed_in_the_order_of_their_pilots_although_the_clock_jumped_and_came_back(
    api: Api, clock: StillClock, jump: dict[str, float]
) -> None:
    curve = planted_curve()
    before = api.create(a_pilot(name="before"), throughput=curve, key="before")
    clock.jump(**jump)
    during = api.create(a_pilot(name="during"), throughput=curve, key="during")
    clock.jump(**{unit: -amount for unit, amount in jump.items()})
    after = api.create(a_pilot(name="after"), throughput=curve, key="after")
    expected = [run.id for pilot in (before, during, after) for run in api.runs(pilot.id)]
    worker = api.worker()
    claims = [worker.claim() for _ in expected]
    assert [claim.runs[0].run_id for claim in claims if claim] == expected


@JUMP
def test_a_jump_while_a_run_is_trained_does_not_change_when_the_others_are_expected(
    api: Api, clock: StillClock, jump: dict[str, float]
) -> None:
    alike = [schedule_data("today", role="baseline"), schedule_data("the same")]
    pilot = api.create(a_pilot(schedules=alike), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    composed_s = finish_s(api, pilot.id) / 4
    clock.jump(**jump)
    clock.pass_s(16 * composed_s)
    worker.train(run)
    assert finish_s(api, pilot.id) == pytest.approx(3 * 16 * composed_s)


@JUMP
def test_a_repeated_create_makes_one_pilot_although_the_clock_jumped_in_between(
    api: Api, clock: StillClock, jump: dict[str, float]
) -> None:
    first = api.create(a_pilot(), key="the same")
    clock.jump(**jump)
    assert api.create(a_pilot(), key="the same") == first
    assert api.get("/api/pilots").json()["total"] == 1
