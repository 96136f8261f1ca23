"""The bill of a bundle: its members share one device, and so does its pilot's cap."""

import pytest

from backend.threads.reaper import sweep
from planner.exchange.work import AttemptStart, Claim
from planner.pilots.divergence import Rollback
from tests.support.bundled_pilots import claimed, create
from tests.support.installation import Api, StillClock, problem
from tests.support.planted_worker import PlantedWorker, planted_curve


def spent_s(api: Api, pilot_id: str) -> float:
    """Device seconds as the live page and the list show them."""
    (row,) = api.get("/api/pilots:summaries").json()["items"]
    shown = api.get(f"/api/pilots/{pilot_id}/live").json()
    assert row["spent_device_h"] == pytest.approx(shown["spent_device_h"])
    return float(shown["spent_device_h"]) * 3600


def hold(clock: StillClock, worker: PlantedWorker, claim: Claim, *, seconds: int) -> set[str]:
    for _ in range(seconds // 10):
        clock.pass_s(10)
        commands = worker.beat_all(claim)
    return set(commands)


def test_ten_runs_that_are_trained_together_for_a_minute_spend_a_minute(
    api: Api, clock: StillClock
) -> None:
    pilot_id = create(api)
    worker = api.worker()
    claim = claimed(worker)
    hold(clock, worker, claim, seconds=60)
    assert spent_s(api, pilot_id) == pytest.approx(60)
    for run in claim.runs:
        worker.finish(run, step=3, outcome="paused", wall_clock_s=60 / 10)
    assert spent_s(api, pilot_id) == pytest.approx(10 * 60 / 10)


def test_when_a_member_has_left_the_others_share_the_device(api: Api, clock: StillClock) -> None:
    pilot_id = create(api)
    worker = api.worker()
    claim = claimed(worker)
    hold(clock, worker, claim, seconds=60)
    left = claim.runs[0]
    worker.finish(left, step=3, outcome="failed", wall_clock_s=60 / 10)
    hold(clock, worker, Claim(token=claim.token, runs=claim.runs[1:]), seconds=30)
    assert spent_s(api, pilot_id) == pytest.approx(60 + 30)
    cards = api.get(f"/api/pilots/{pilot_id}/live").json()["runs"]
    spent = {card["run"]["id"]: card["spent_device_h"] * 3600 for card in cards}
    assert spent[left.run_id] == pytest.approx(60 / 10)
    assert spent[claim.runs[1].run_id] == pytest.approx(60 / 10 + 30 / 9)


def test_a_cap_that_is_reached_stops_all_members_and_bills_the_device_once(
    api: Api, clock: StillClock
) -> None:
    pilot_id = create(api, caps={"pilot_device_h": 0.5})
    worker = api.worker()
    claim = claimed(worker)
    assert hold(clock, worker, claim, seconds=29 * 60) == {"continue"}
    assert hold(clock, worker, claim, seconds=60) == {"cap"}
    for run in claim.runs:
        worker.finish(run, step=3, outcome="capped", wall_clock_s=1800 / 10)
    assert spent_s(api, pilot_id) == pytest.approx(1800)
    assert worker.claim(maximum_runs=16) is None
    state = api.pilot(pilot_id)
    assert (state.cap_reached, state.run_counts) == (True, {"capped": 10, "queued": 10})


def test_a_bundle_that_is_lost_is_queued_again_as_a_whole(api: Api, clock: StillClock) -> None:
    pilot_id = create(api)
    worker = api.worker()
    lost = claimed(worker)
    clock.pass_s(16)
    sweep(api.installation)
    assert api.pilot(pilot_id).run_counts == {"queued": 20}
    again = claimed(worker)
    assert [run.run_id for run in again.runs] == [run.run_id for run in lost.runs]
    assert {run.attempt for run in again.runs} == {2}
    hold(clock, worker, again, seconds=20)
    assert spent_s(api, pilot_id) == pytest.approx(20)


def test_what_is_expected_of_a_bundle_is_what_bundles_were_measured_to_take(api: Api) -> None:
    alone = create(api, planted_curve(), name="alone")
    worker = api.worker()
    alone_s = api.get(f"/api/pilots/{alone}/live").json()["expected_finish_s"]
    api.post(f"/api/pilots/{alone}:cancel", {"reason": ""}).raise_for_status()
    together = create(api)
    live = api.get(f"/api/pilots/{together}/live").json()
    evaluations_s = 20 * 5 * planted_curve().evaluation_s
    assert live["expected_finish_s"] == pytest.approx(
        (alone_s - evaluations_s) / 5.0 + evaluations_s
    )
    claim = claimed(worker)
    live = api.get(f"/api/pilots/{together}/live").json()
    held = {run.run_id for run in claim.runs}
    ends = {card["expected_finish_s"] for card in live["runs"] if card["run"]["id"] in held}
    assert len(ends) == 1


def records_of(api: Api, pilot_id: str) -> dict[str, list[dict[str, object]]]:
    """Every run's attempts, as the review is computed from them."""
    records = api.get(f"/api/pilots/{pilot_id}/records").raise_for_status().json()
    return {record["run_id"]: record["attempts"] for record in records}


def test_runs_of_a_claim_that_are_trained_one_after_the_other_are_billed_as_runs_alone(
    api: Api,
) -> None:
    pilot_id = create(api)
    worker = api.worker()
    claim = claimed(worker)
    for run in claim.runs:
        worker.start(run, from_step=0, bundle_size=1)
        worker.start(run, from_step=0, bundle_size=1)
    for run in claim.runs:
        assert api.run(run.run_id).bundle_size == 1
        (attempt,) = records_of(api, pilot_id)[run.run_id]
        assert attempt["bundle_size"] == 1


def test_a_part_of_a_claim_that_trains_together_is_billed_as_what_it_is(api: Api) -> None:
    pilot_id = create(api)
    worker = api.worker()
    claim = claimed(worker)
    for place, run in enumerate(claim.runs):
        worker.start(run, from_step=0, bundle_size=6 if place < 6 else 4)
    attempts = records_of(api, pilot_id)
    assert [attempts[run.run_id][0]["bundle_size"] for run in claim.runs] == [6] * 6 + [4] * 4


def test_no_run_is_trained_with_more_than_were_claimed_with_it(api: Api) -> None:
    create(api)
    worker = api.worker()
    run = claimed(worker).runs[0]
    answer = worker.write(run, "start", AttemptStart(from_step=0, bundle_size=11))
    assert problem(answer) == (422, "above_maximum", "bundle_size")


def test_a_member_that_went_back_is_alone_and_has_no_part_in_the_bundles_gain(api: Api) -> None:
    pilot_id = create(api, divergence={"policy": "roll_back"})
    worker = api.worker()
    claim = claimed(worker)
    run = claim.runs[0]
    worker.start(run, from_step=0, bundle_size=10)
    again = worker.roll_back(run, Rollback(at_step=90, to_step=0, rate_factor=0.5))
    assert api.run(run.run_id).bundle_size == 1
    before, after = records_of(api, pilot_id)[run.run_id]
    assert (before["bundle_size"], after["bundle_size"]) == (10, 1)
    worker.finish(again, step=0, outcome="released", wall_clock_s=0.0)
    assert api.run(claim.runs[1].run_id).bundle_size == 10
