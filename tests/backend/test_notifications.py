"""Notifications: told once for each thing that happens, and read by whoever has a name."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from backend.threads.judge import judge
from backend.threads.reaper import sweep
from planner.exchange.states import RunState
from planner.exchange.work import Claim, SeriesChunk
from planner.pilots.pilot import Pilot
from tests.support.app_in_memory import an_api
from tests.support.gated_pilots import CRITERIA, IMPOSSIBLE, RESULT, order, priced_pilot, signed_off
from tests.support.gated_pilots import plant as pays_back
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_pilots import ADOPT
from tests.support.planted_worker import PlantedWorker, planted_curve

BEAT_S = 2.0

Told = Callable[..., list[dict[str, Any]]]


def inbox(api: Api, **query: object) -> dict[str, Any]:
    answer: dict[str, Any] = api.get("/api/notifications", **query).raise_for_status().json()
    return answer


@pytest.fixture(scope="module")
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="module")
def kept_api(tmp_path_factory: pytest.TempPathFactory, clock: StillClock) -> Iterator[Api]:
    with an_api(tmp_path_factory.mktemp("kept"), clock) as api:
        yield api


@pytest.fixture
def api(kept_api: Api) -> Iterator[Api]:
    """One for all tests here: what a test leaves unfinished is cancelled."""
    yield kept_api
    for pilot in kept_api.get("/api/pilots", page_size=200).json()["items"]:
        kept_api.post(f"/api/pilots/{pilot['id']}:cancel", {"reason": ""})


@pytest.fixture
def told(api: Api) -> Told:
    """What was told since the test began, oldest first."""
    before = inbox(api)["notifications"]["total"]

    def since(kind: str = "") -> list[dict[str, Any]]:
        items = reversed(inbox(api, page_size=200)["notifications"]["items"])
        return [one for one in list(items)[before:] if kind in ("", one["kind"])]

    return since


def created(api: Api, pilot: Pilot) -> str:
    """Id of a new pilot whose speed is known."""
    return api.create(pilot, throughput=planted_curve(), key=uuid4().hex).id


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def capped(clock: StillClock, worker: PlantedWorker) -> RunState:
    """Holds a run until a cap stops it."""
    claim, began_s = claimed(worker), clock.monotonic_s
    while worker.beat(claim) == "continue":
        clock.pass_s(BEAT_S)
    held_s = clock.monotonic_s - began_s
    return worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=held_s)


def judged(api: Api) -> str:
    """Id of a finished pilot whose review says adopt."""
    pilot_id = created(api, ADOPT.pilot())
    api.worker(ADOPT.plant()).work_until_idle()
    judge(api.installation, pilot_id)
    return pilot_id


def test_a_pilot_that_finished_is_told_with_its_look(api: Api, told: Told) -> None:
    pilot_id = created(api, a_pilot())
    assert told() == []
    api.worker().work_until_idle()
    (found,) = told()
    assert (found["kind"], found["pilot_id"]) == ("pilot_finished", pilot_id)
    assert found["facts"] == {"look": 1, "looks": 2}
    assert (found["pilot_name"], found["run_id"]) == ("Digits, growing batch", None)
    assert datetime.fromisoformat(found["at"]) == api.clock.at


def test_each_look_of_a_pilot_is_told(api: Api, told: Told) -> None:
    pilot_id = created(api, priced_pilot())
    api.worker(pays_back).work_until_idle()
    headers = {"Idempotency-Key": "more"}
    api.post(f"/api/pilots/{pilot_id}:add-seeds", {"seeds": 1}, **headers).raise_for_status()
    api.worker(pays_back).work_until_idle()
    looks = [one["facts"]["look"] for one in told("pilot_finished")]
    assert looks == [1, 2]


def test_a_cancelled_pilot_did_not_finish(api: Api, told: Told) -> None:
    pilot_id = created(api, a_pilot())
    api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": ""}).raise_for_status()
    assert told() == []


def test_a_diverged_run_is_told_once_however_often_its_end_is_sent(api: Api, told: Told) -> None:
    created(api, a_pilot())
    worker = api.worker()
    run = claimed(worker).runs[0]
    for _ in range(3):
        worker.finish(run, step=7, outcome="diverged", wall_clock_s=1.0)
    (found,) = told()
    assert (found["kind"], found["run_id"]) == ("run_diverged", run.run_id)
    assert run.schedule is not None
    assert found["facts"] == {
        "schedule": run.schedule.name,
        "rate_multiplier": 1.0,
        "seed": run.seed,
        "attempt": 1,
        "step": 7,
    }


def test_the_last_run_that_diverged_is_told_before_the_pilot_that_it_ended(
    api: Api, told: Told
) -> None:
    created(api, a_pilot(seeds={"confirmation": [11]}))
    worker = api.worker()
    for _ in range(2):
        worker.finish(claimed(worker).runs[0], step=7, outcome="diverged", wall_clock_s=1.0)
    assert [one["kind"] for one in told()] == ["run_diverged", "run_diverged", "pilot_finished"]


def test_a_run_that_diverges_again_after_a_retry_is_told_again(api: Api, told: Told) -> None:
    created(api, a_pilot())
    worker = api.worker()
    run = claimed(worker).runs[0]
    worker.finish(run, step=7, outcome="diverged", wall_clock_s=1.0)
    api.post(f"/api/runs/{run.run_id}:retry", {"reason": ""}).raise_for_status()
    api.post(f"/api/runs/{run.run_id}:prioritise", {"priority": 1}).raise_for_status()
    worker.finish(claimed(worker).runs[0], step=9, outcome="diverged", wall_clock_s=1.0)
    found = [(one["run_id"], one["facts"]["attempt"]) for one in told("run_diverged")]
    assert found == [(run.run_id, 1), (run.run_id, 2)]


def test_a_run_at_its_own_cap_is_told_by_name(api: Api, clock: StillClock, told: Told) -> None:
    caps = {"run_device_h": 60 / 3600}
    created(api, a_pilot(caps=caps))
    run = capped(clock, api.worker())
    (found,) = told()
    assert (found["kind"], found["run_id"]) == ("cap_reached", run.id)
    facts = found["facts"]
    assert (facts["scope"], facts["unit"], facts["seed"]) == ("run", "device_h", run.run.seed)
    assert facts["limit"] == pytest.approx(1 / 60)


def test_a_cap_of_the_pilot_is_told_once_at_each_height(
    api: Api, clock: StillClock, told: Told
) -> None:
    caps = {"pilot_device_h": 60 / 3600}
    pilot_id = created(api, a_pilot(caps=caps))
    worker, another = api.worker(), api.worker(name="another")
    first, second = claimed(worker), claimed(another)
    clock.pass_s(10)
    while {worker.beat(first), another.beat(second)} == {"continue"}:
        clock.pass_s(BEAT_S)
    for held, claim in ((worker, first), (another, second)):
        held.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=30.0)
    (found,) = told()
    assert (found["run_id"], found["facts"]["scope"]) == (None, "pilot")
    api.post(f"/api/pilots/{pilot_id}:raise-cap", {"pilot_device_h": 0.05}).raise_for_status()
    capped(clock, worker)
    assert [one["facts"]["limit"] for one in told()] == [60 / 3600, 0.05]


def test_a_cap_that_the_last_second_of_a_run_uses_up_is_told_though_it_stopped_no_run(
    api: Api, told: Told
) -> None:
    created(api, a_pilot(caps={"pilot_device_h": 1 / 3600}))
    worker = api.worker()
    worker.train(claimed(worker).runs[0])
    assert worker.claim() is None
    (found,) = told()
    assert (found["kind"], found["facts"]["scope"]) == ("cap_reached", "pilot")


def test_a_lost_run_that_used_up_a_cap_is_told_as_such(
    api: Api, clock: StillClock, told: Told
) -> None:
    created(api, a_pilot(caps={"run_device_h": 60 / 3600}))
    worker = api.worker()
    (run,) = claimed(worker).runs
    worker.start(run, from_step=0)
    losses = {"batch_loss": (1.0,)}
    chunk = SeriesChunk(seq=0, group="train", steps=(1,), columns=losses, wall_clock_s=60.0)
    worker.write(run, "series", chunk).raise_for_status()
    clock.pass_s(2 * api.installation.settings.lease_s)
    sweep(api.installation)
    assert api.run(run.run_id).status == "capped"
    (found,) = told("cap_reached")
    assert (found["run_id"], found["facts"]["scope"]) == (run.run_id, "run")


def test_a_cap_of_the_month_is_told_once_and_again_in_a_new_month(tmp_path: Path) -> None:
    clock = StillClock()
    with an_api(tmp_path, clock) as api:
        limits, owner = {"device_h": 0.01}, api.credentials.admin_token
        api.http.put("/api/caps", json=limits, headers={"Authorization": f"Bearer {owner}"})
        for _ in range(2):
            created(api, a_pilot())
        worker = api.worker()
        run = capped(clock, worker)
        (found,) = inbox(api)["notifications"]["items"]
        assert (found["pilot_id"], found["facts"]["scope"]) == (run.pilot_id, "month")
        clock.jump(days=31)
        capped(clock, worker)
        again = inbox(api)["notifications"]["items"]
    assert [one["facts"]["scope"] for one in again] == ["month", "month"]


def test_a_review_that_says_adopt_tells_that_the_first_gate_is_ready(api: Api, told: Told) -> None:
    pilot_id = judged(api)
    (found,) = told("gate_ready")
    assert found["pilot_id"] == pilot_id
    assert found["facts"] == {
        "gate": "limited_rollout",
        "why": "verdict",
        "schedule": "growing batch",
    }
    judge(api.installation, pilot_id)
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    assert len(told("gate_ready")) == 1


def test_criteria_that_are_not_met_make_no_gate_ready(api: Api, told: Told) -> None:
    pilot_id = created(api, priced_pilot())
    order(api, pilot_id, "adoption:fix-criteria", IMPOSSIBLE).raise_for_status()
    api.worker().work_until_idle()  # every schedule alike: nothing to adopt
    judge(api.installation, pilot_id)
    assert [one["kind"] for one in told()] == ["pilot_finished"]


def test_criteria_that_are_met_without_a_verdict_to_adopt_make_the_gate_ready(
    api: Api, told: Told
) -> None:
    pilot_id = created(api, priced_pilot())
    never = {"criteria": [{"key": "npv_positive_probability", "bound": 0.0}]}
    order(api, pilot_id, "adoption:fix-criteria", never).raise_for_status()
    api.worker().work_until_idle()
    judge(api.installation, pilot_id)
    (found,) = told("gate_ready")
    assert (found["facts"]["gate"], found["facts"]["why"]) == ("limited_rollout", "criteria")


def test_production_that_meets_its_criteria_makes_the_second_gate_ready(
    api: Api, told: Told
) -> None:
    pilot_id = created(api, priced_pilot())
    signed_off(api, pilot_id)
    full = {"criteria": [{"key": "trainings", "bound": 2}]}
    order(api, pilot_id, "adoption:fix-criteria", full).raise_for_status()
    for number in range(3):
        key = f"result {number}"
        order(api, pilot_id, "production-results", RESULT, key=key).raise_for_status()
        order(api, pilot_id, "production-results", RESULT, key=key).raise_for_status()
    gates = [(one["facts"]["gate"], one["facts"]["why"]) for one in told("gate_ready")]
    assert gates == [("full", "criteria")]
