"""More seeds for a finished pilot: new runs, another look, and when they are refused."""

import pytest

from planner.exchange.states import PilotState
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import planted_curve


@pytest.fixture
def done(api: Api) -> PilotState:
    """Two seeds of two schedules, two looks fixed beforehand, the first one used."""
    return finished(api)


def finished(api: Api, **changes: object) -> PilotState:
    pilot = api.create(a_pilot(**changes), throughput=planted_curve())
    api.worker().work_until_idle()
    return api.pilot(pilot.id)


def add_seeds(api: Api, pilot_id: str, seeds: int, *, key: str = "seeds"):
    body = {"seeds": seeds, "reason": "not sure yet"}
    return api.post(f"/api/pilots/{pilot_id}:add-seeds", body, **{"Idempotency-Key": key})


def test_every_finalist_and_the_baseline_run_on_the_new_seeds(api: Api, done: PilotState) -> None:
    add_seeds(api, done.id, 3).raise_for_status()
    state = api.pilot(done.id)
    assert (state.phase, state.looks_used) == ("confirmation", 1)
    assert state.pilot.seeds.confirmation == (11, 12, 13, 14, 15)
    queued = [(run.run.seed, run.run.schedule) for run in api.runs(done.id, "queued")]
    assert queued == [(s, name) for s in (13, 14, 15) for name in ("today", "growing batch")]


def test_judging_them_is_another_look(api: Api, done: PilotState) -> None:
    add_seeds(api, done.id, 3).raise_for_status()
    api.worker().work_until_idle()
    state = api.pilot(done.id)
    assert (state.phase, state.looks_used) == ("done", 2)
    review = api.post("/api/reviews:compute", {"pilot_id": done.id}).raise_for_status().json()
    assert (review["verdict"]["look"], review["next_step"]["looks_left"]) == (2, 0)
    assert {found["measured"]["runs"] for found in review["schedules"]} == {5}


def test_no_more_looks_than_were_fixed_beforehand(api: Api, done: PilotState) -> None:
    add_seeds(api, done.id, 1).raise_for_status()
    api.worker().work_until_idle()
    assert problem(add_seeds(api, done.id, 1, key="again")) == (409, "no_look_left", None)
    assert api.pilot(done.id).pilot.seeds.confirmation == (11, 12, 13)


def test_a_repeated_request_adds_seeds_once(api: Api, done: PilotState) -> None:
    first, second = (add_seeds(api, done.id, 2).json() for _ in range(2))
    assert first == second
    assert len(api.runs(done.id, "queued")) == 2 * 2


def test_a_month_that_cannot_count_a_pilots_money_refuses_no_seeds(api: Api) -> None:
    """It is counted in dollars, and nobody stated what a yen is worth."""
    yen = {"rent_per_gpu_hour": {"amount": 300.0, "currency": "JPY"}}
    pilot = finished(api, hardware=yen)
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    limits = {"money": {"amount": 100.0, "currency": "USD"}}
    api.http.put("/api/caps", json=limits, headers=headers).raise_for_status()
    assert add_seeds(api, pilot.id, 1).is_success


def test_seeds_that_would_pass_the_cap_are_refused(api: Api) -> None:
    """A run composes to 32 epochs' worth of milliseconds; 0.002 h are 7.2 s, four runs took 4."""
    pilot = finished(api, caps={"pilot_device_h": 0.002})
    assert problem(add_seeds(api, pilot.id, 10)) == (409, "beyond_cap", None)
    assert api.pilot(pilot.id).phase == "done"


def test_a_pilot_that_runs_gets_no_more_seeds(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    assert problem(add_seeds(api, pilot.id, 1)) == (409, "pilot_not_done", None)


@pytest.mark.parametrize("seeds", [0, 11])
def test_one_to_ten_seeds_are_added_at_once(api: Api, done: PilotState, seeds: int) -> None:
    status, _, field = problem(add_seeds(api, done.id, seeds))
    assert (status, field) == (422, "seeds")


def test_the_audit_trail_says_who_added_how_many(api: Api, done: PilotState) -> None:
    add_seeds(api, done.id, 3).raise_for_status()
    entries = api.get("/api/audit", subject=done.id).json()["items"]
    (entry,) = [one for one in entries if one["action"] == "pilot.add_seeds"]
    assert entry["principal"] == "owner"
    assert entry["after"]["seeds"] == 5
