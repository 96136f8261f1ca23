"""Gates: criteria fixed beforehand, a sign-off on an immutable snapshot, and the way back."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from backend.tables import AuditRow
from tests.support.entered_prices import enter
from tests.support.gated_pilots import (
    CRITERIA,
    IMPOSSIBLE,
    RESULT,
    SIGNATURE,
    done,
    look,
    order,
    plant,
    priced_pilot,
    signed_off,
    started,
    work,
)
from tests.support.installation import Api, pilot_data, problem, schedule_data
from tests.support.planted_worker import planted_curve

PROTECTED = ("snapshots", "decisions")


@pytest.fixture
def pilot_id(api: Api) -> str:
    return started(api)


@pytest.fixture
def signed(api: Api, pilot_id: str) -> dict[str, Any]:
    return signed_off(api, pilot_id)


def test_criteria_are_suggested_until_they_are_fixed(api: Api, pilot_id: str) -> None:
    ahead = look(api, pilot_id)["ahead"]
    assert (ahead["gate"], ahead["criteria_fixed"]) == ("limited_rollout", False)
    assert (ahead["before_results"], ahead["fixed_at"]) == (True, None)
    assert ahead["findings"][0]["criterion"]["key"] == "verdict_adopt"


def test_criteria_are_fixed_once_and_before_the_results(api: Api, pilot_id: str) -> None:
    ahead = done(order(api, pilot_id, "adoption:fix-criteria", CRITERIA))["ahead"]
    assert (ahead["criteria_fixed"], ahead["before_results"]) == (True, True)
    assert ahead["fixed_at"] is not None
    again = order(api, pilot_id, "adoption:fix-criteria", IMPOSSIBLE)
    assert problem(again) == (409, "criteria_already_fixed", None)


def test_criteria_that_come_after_the_results_say_so(api: Api, pilot_id: str) -> None:
    work(api, pilot_id)
    assert not look(api, pilot_id)["ahead"]["before_results"]
    ahead = done(order(api, pilot_id, "adoption:fix-criteria", CRITERIA))["ahead"]
    assert not ahead["before_results"]
    assert [found["passed"] for found in ahead["findings"]] == [True, True]


def test_criteria_that_come_after_the_first_seed_say_so(api: Api, pilot_id: str) -> None:
    """A review of the seeds so far is shown before all have ended."""
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    worker.train(claim.runs[0])
    ahead = done(order(api, pilot_id, "adoption:fix-criteria", CRITERIA))["ahead"]
    assert not ahead["before_results"]


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


def test_the_baseline_is_no_candidate_to_sign(api: Api, pilot_id: str) -> None:
    """It has no verdict of its own: that of the candidate must not stand for it."""
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    signature = SIGNATURE | {"override": True, "terms": {"schedule": "today"}}
    answer = order(api, pilot_id, "adoption:sign", signature)
    assert problem(answer) == (422, "baseline_is_no_candidate", "terms.schedule")


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


def test_a_return_is_recorded_after_the_price_of_the_pilot_was_retired(api: Api) -> None:
    """The way back must not hang on a review that can no longer be made."""
    enter(api, id="our-h100").raise_for_status()
    hardware = {"device_count": 8, "profile": "our-h100"}
    pilot_id = api.create(priced_pilot(hardware=hardware), throughput=planted_curve()).id
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    order(api, pilot_id, "adoption:sign", SIGNATURE | {"override": True}).raise_for_status()
    api.post("/api/prices/our-h100:retire", {}).raise_for_status()
    back = done(order(api, pilot_id, "adoption:return", {"name": "B", "reason": "unstable"}))
    assert (back["stage"], back["history"][0]["schedule"]) == ("returned", "growing batch")


def test_full_use_is_signed_of_the_schedule_that_was_rolled_out(api: Api) -> None:
    """Whatever candidate the review is looked at for meanwhile."""
    schedules = [*pilot_data()["schedules"], schedule_data("another")]
    pilot_id = api.create(priced_pilot(schedules=schedules), throughput=planted_curve()).id
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    work(api, pilot_id)
    overridden = SIGNATURE | {"override": True}
    rolled_out = overridden | {"terms": {"schedule": "growing batch"}}
    order(api, pilot_id, "adoption:sign", rolled_out).raise_for_status()
    criteria = {"criteria": [{"key": "trainings", "bound": 1}]}
    order(api, pilot_id, "adoption:fix-criteria", criteria).raise_for_status()
    other = overridden | {"terms": {"schedule": "another"}}
    full = done(order(api, pilot_id, "adoption:sign", other))
    assert (full["stage"], full["schedule"]) == ("full", "growing batch")
    assert full["history"][0]["schedule"] == "growing batch"


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
        ours = AuditRow.action.startswith("gate") | AuditRow.action.startswith("prod")
        actions = session.scalars(select(AuditRow.action).where(ours).order_by(AuditRow.number))
        assert list(actions) == [
            "gate.fix_criteria",
            "gate.sign",
            "production_result.enter",
            "gate.return",
        ]


def test_a_candidate_that_only_the_selection_has_run_is_not_signed_whatever_is_overridden(
    api: Api,
) -> None:
    """Of three candidates two are confirmed; what chose them proves nothing of the third."""
    names = ("large", "larger", "largest")
    pilot = priced_pilot(
        schedules=[
            schedule_data("today", role="baseline"),
            *(schedule_data(name) for name in names),
        ],
        seeds={"confirmation": [11, 12, 13], "selection": [1, 2]},
    )
    pilot_id = api.create(pilot, throughput=planted_curve()).id
    order(api, pilot_id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    api.worker(plant).work_until_idle()
    assert api.pilot(pilot_id).phase == "done"
    signature = SIGNATURE | {"override": True}
    refused = order(api, pilot_id, "adoption:sign", signature | {"terms": {"schedule": names[2]}})
    assert problem(refused) == (422, "candidate_not_confirmed", "terms.schedule")
    assert look(api, pilot_id)["stage"] == "pilot"
    done(order(api, pilot_id, "adoption:sign", signature | {"terms": {"schedule": names[0]}}))
    assert look(api, pilot_id)["stage"] == "limited_rollout"
