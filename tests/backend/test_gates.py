"""Gates: criteria fixed beforehand, a sign-off on an immutable snapshot, the way back, results."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from backend.services import snapshots
from planner.pilots.pilot import Pilot
from planner.schedules.schedule import Schedule
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import falling_loss, planted_curve

PRODUCTION = {
    "training_h": 12,
    "device_count": 8,
    "batch_size": 256,
    "half_saturation_batch_size_per_device": 64,
    "maximum_batch_size_per_device": 1024,
}


def priced_pilot() -> Pilot:
    """Three seeds of two schedules that stand for a training of 12 hours on 8 devices."""
    price = {"amount": 2.0, "currency": "USD"}
    return a_pilot(
        seeds={"confirmation": [11, 12, 13]},
        production=PRODUCTION,
        hardware={"device_count": 8, "rent_per_gpu_hour": price},
        assumptions={"trainings_per_month": 20},
    )


def plant(schedule: Schedule, _: float, seed: int) -> Any:
    """The candidate's loss falls in half the time."""
    half_life = 0.1 if schedule.role == "candidate" else 0.2
    return falling_loss(half_life * (1 + 0.01 * (seed - 12)))


CRITERIA = {
    "criteria": [
        {"key": "npv_positive_probability", "bound": 0.8},
        {"key": "payback_months", "bound": 12},
    ]
}
IMPOSSIBLE = {"criteria": [{"key": "payback_months", "bound": 0}]}
SIGNATURE = {"name": "A. Manager", "reason": "it pays back"}
PROTECTED = ("snapshots", "decisions")
RESULT = {"day": "2026-11-01", "training_h": 5.0, "device_h": 40.0}


@pytest.fixture
def pilot_id(api: Api) -> str:
    return api.create(priced_pilot(), throughput=planted_curve()).id


def work(api: Api, pilot_id: str) -> None:
    assert api.pilot(pilot_id).phase == "confirmation"
    api.worker(plant).work_until_idle()


def order(api: Api, pilot_id: str, what: str, body: dict[str, Any], *, key: str = "") -> Any:
    headers = {"Idempotency-Key": key or snapshots.sha256_of(json.dumps([what, body]))}
    return api.post(f"/api/pilots/{pilot_id}/{what}", body, **headers)


def done(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def look(api: Api, pilot_id: str, **terms: object) -> dict[str, Any]:
    return done(api.post(f"/api/pilots/{pilot_id}/adoption:compute", terms))


@pytest.fixture
def signed(api: Api, pilot_id: str) -> dict[str, Any]:
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    return done(order(api, pilot_id, "adoption:sign", SIGNATURE))


def test_criteria_are_suggested_until_they_are_fixed(api: Api, pilot_id: str) -> None:
    ahead = look(api, pilot_id)["ahead"]
    assert (ahead["gate"], ahead["criteria_fixed"]) == ("limited_rollout", False)
    assert ahead["findings"][0]["criterion"]["key"] == "verdict_adopt"


def test_criteria_are_fixed_once_and_before_the_results(api: Api, pilot_id: str) -> None:
    ahead = done(order(api, pilot_id, "adoption:fix-criteria", CRITERIA))["ahead"]
    assert (ahead["criteria_fixed"], ahead["before_results"]) == (True, True)
    again = order(api, pilot_id, "adoption:fix-criteria", IMPOSSIBLE)
    assert problem(again) == (409, "criteria_already_fixed", None)


def test_criteria_that_come_after_the_results_say_so(api: Api, pilot_id: str) -> None:
    work(api, pilot_id)
    ahead = done(order(api, pilot_id, "adoption:fix-criteria", CRITERIA))["ahead"]
    assert not ahead["before_results"]
    assert [found["passed"] for found in ahead["findings"]] == [True, True]


def test_a_sign_off_moves_the_schedule_to_a_limited_rollout(signed: dict[str, Any]) -> None:
    assert (signed["stage"], signed["ahead"]["gate"]) == ("limited_rollout", "full")
    newest = signed["history"][0]
    assert (newest["kind"], newest["name"], newest["reason"]) == (
        "signed_off",
        "A. Manager",
        "it pays back",
    )
    assert [found["passed"] for found in newest["findings"]] == [True, True]


def test_no_gate_is_passed_without_criteria_or_before_the_end(api: Api, pilot_id: str) -> None:
    early = order(api, pilot_id, "adoption:sign", SIGNATURE)
    assert problem(early) == (409, "pilot_not_done", None)
    work(api, pilot_id)
    unasked = order(api, pilot_id, "adoption:sign", SIGNATURE)
    assert problem(unasked) == (409, "criteria_not_fixed", None)


def test_a_failed_criterion_is_overridden_only_explicitly(api: Api, pilot_id: str) -> None:
    order(api, pilot_id, "adoption:fix-criteria", IMPOSSIBLE).raise_for_status()
    work(api, pilot_id)
    refused = order(api, pilot_id, "adoption:sign", SIGNATURE)
    assert problem(refused) == (409, "criteria_not_met", None)
    overridden = done(order(api, pilot_id, "adoption:sign", SIGNATURE | {"override": True}))
    assert overridden["history"][0]["override"]


def test_a_signature_that_says_too_little_is_refused(api: Api, pilot_id: str) -> None:
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    wrong: dict[str, dict[str, Any]] = {
        "reason": {"reason": " "},
        "name": {"name": ""},
        "terms.schedule": {"terms": {"schedule": "nobody's"}},
        "terms.review.pilot_id": {"terms": {"review": {"pilot_id": "x"}}},
    }
    for field, change in wrong.items():
        status, _, at = problem(order(api, pilot_id, "adoption:sign", SIGNATURE | change))
        assert (status, at) == (422, field)


def test_the_hash_is_that_of_what_was_signed(api: Api, signed: dict[str, Any]) -> None:
    newest = signed["history"][0]
    answer = api.get(f"/api/snapshots/{newest['snapshot_id']}")
    assert hashlib.sha256(answer.content).hexdigest() == newest["snapshot_sha256"]
    told = answer.json()
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical.encode() == answer.content
    assert told["review"]["verdict"]["schedule"] == "growing batch"
    assert told["price"] == told["review"]["price"]
    assert len(told["measurements_sha256"]) == 64


def test_another_price_changes_no_hash_of_measurements(api: Api, pilot_id: str) -> None:
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    terms = {
        "review": {
            "pilot_id": pilot_id,
            "pilot_rate_per_device_h": {"amount": 1.0, "currency": "USD"},
        }
    }
    hashes = []
    for more in ({}, {"terms": terms}):
        answer = order(api, pilot_id, "adoption:sign", SIGNATURE | more)
        assert answer.is_success, answer.text
        signed = done(answer)
        found = api.get(f"/api/snapshots/{signed['history'][0]['snapshot_id']}").json()
        hashes.append((found["measurements_sha256"], signed["history"][0]["snapshot_sha256"]))
        back = {"name": "A. Manager", "reason": "again"}
        order(api, pilot_id, "adoption:return", back, key=f"{len(hashes)}").raise_for_status()
        again = order(api, pilot_id, "adoption:fix-criteria", CRITERIA, key=f"{len(hashes)}")
        again.raise_for_status()
    (first, one), (second, other) = hashes
    assert first == second
    assert one != other


@pytest.mark.usefixtures("signed")
def test_nothing_that_was_decided_can_be_changed(api: Api) -> None:
    changes = ("UPDATE {} SET pilot_id = pilot_id", "DELETE FROM {}")
    for change in (change.format(table) for change in changes for table in PROTECTED):
        with api.installation.database.write() as session, pytest.raises(DatabaseError):
            session.connection().exec_driver_sql(change)


def test_full_use_is_signed_on_what_production_gave(
    api: Api, pilot_id: str, signed: dict[str, Any]
) -> None:
    today_h = signed["promise"]["today_h"]
    asked = {
        "criteria": [{"key": "trainings", "bound": 2}, {"key": "realised_fraction", "bound": 0.5}]
    }
    fixed = done(order(api, pilot_id, "adoption:fix-criteria", asked))
    assert (fixed["ahead"]["before_results"], fixed["ahead"]["passed"]) == (True, False)
    for place in range(2):
        fast = RESULT | {"training_h": today_h / 2, "note": f"run {place}"}
        order(api, pilot_id, "production-results", fast).raise_for_status()
    state = look(api, pilot_id)
    assert state["realised"]["trainings"] == 2
    assert [len(series["x"]) for series in state["chart"]["series"]][1] == 3
    full = done(order(api, pilot_id, "adoption:sign", SIGNATURE | {"override": True}))
    assert (full["stage"], full["ahead"]) == ("full", None)
    assert problem(order(api, pilot_id, "adoption:fix-criteria", CRITERIA, key="x")) == (
        409,
        "no_gate_left",
        None,
    )


def test_a_return_to_the_baseline_is_recorded_with_its_reason(
    api: Api, pilot_id: str, signed: dict[str, Any]
) -> None:
    assert signed["stage"] == "limited_rollout"
    back = done(order(api, pilot_id, "adoption:return", {"name": "B", "reason": "too unstable"}))
    assert (back["stage"], back["history"][0]["kind"]) == ("returned", "returned")
    assert back["history"][0]["reason"] == "too unstable"
    assert (back["ahead"]["gate"], back["ahead"]["criteria_fixed"]) == ("limited_rollout", False)
    again = order(api, pilot_id, "adoption:return", {"name": "B", "reason": "twice"})
    assert problem(again) == (409, "not_adopted", None)


@pytest.mark.usefixtures("signed")
def test_a_withdrawn_result_counts_no_longer_and_stays_stored(api: Api, pilot_id: str) -> None:
    entered = done(order(api, pilot_id, "production-results", RESULT))
    result_id = entered["results"][0]["id"]
    path = f"/api/production-results/{result_id}:withdraw"
    assert done(api.post(path, {"reason": "a typing error"}))["realised"]["trainings"] == 0
    assert problem(api.post(path, {})) == (409, "result_withdrawn_already", None)


@pytest.mark.usefixtures("signed")
def test_a_wrong_result_is_refused_at_its_field(api: Api, pilot_id: str) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"day": "2026-10-31"}, "day"),
        ({"day": "2027-11-01"}, "day"),
        ({"day": "yesterday"}, "day"),
        ({"training_h": 0}, "training_h"),
        ({"cost": {"amount": 1, "currency": "USD"}}, "device_h"),
    ]
    for change, field in wrong:
        status, _, at = problem(order(api, pilot_id, "production-results", RESULT | change))
        assert (status, at) == (422, field)


def test_results_need_something_to_be_held_against(api: Api, pilot_id: str) -> None:
    early = order(api, pilot_id, "production-results", RESULT)
    assert problem(early) == (409, "nothing_promised", None)


def test_a_repeated_sign_off_is_one(api: Api, pilot_id: str) -> None:
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    first, second = (
        done(order(api, pilot_id, "adoption:sign", SIGNATURE, key="one")) for _ in range(2)
    )
    assert first == second
    assert len(look(api, pilot_id)["history"]) == 2


def test_every_decision_leaves_one_entry_in_the_audit_trail(
    api: Api, pilot_id: str, signed: dict[str, Any]
) -> None:
    assert signed["stage"] == "limited_rollout"
    order(api, pilot_id, "production-results", RESULT).raise_for_status()
    order(api, pilot_id, "adoption:return", {"name": "B", "reason": "c"}).raise_for_status()
    with api.installation.database.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT action FROM audit_entries WHERE action LIKE 'gate%' OR action LIKE 'prod%'"
            " ORDER BY number"
        )
        assert [row[0] for row in rows] == [
            "gate.fix_criteria",
            "gate.sign",
            "production_result.enter",
            "gate.return",
        ]
