"""Production trainings that are held against what was promised."""

from typing import Any

import pytest

from tests.support.gated_pilots import (
    CRITERIA,
    RESULT,
    SIGNATURE,
    done,
    look,
    order,
    signed_off,
    started,
)
from tests.support.installation import Api, problem


@pytest.fixture
def pilot_id(api: Api) -> str:
    return started(api)


@pytest.fixture
def signed(api: Api, pilot_id: str) -> dict[str, Any]:
    return signed_off(api, pilot_id)


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
