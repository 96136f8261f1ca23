"""A pilot whose hardware nobody can price would end without a review: it is not started."""

import pytest

from planner.exchange.states import PilotRequest
from tests.support.entered_prices import enter
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import planted_curve


def created(api: Api, profile: str):  # type: ignore[no-untyped-def]
    pilot = a_pilot(hardware={"profile": profile, "device_count": 1})
    body = PilotRequest(pilot=pilot, throughput=planted_curve())
    return api.post("/api/pilots", body, **{"Idempotency-Key": f"pilot on {profile}"})


@pytest.mark.parametrize("profile", ["no-such-row", "our-h100"])
def test_a_pilot_on_hardware_without_a_row_of_the_price_book_is_refused(
    api: Api, profile: str
) -> None:
    enter(api)
    api.post("/api/prices/our-h100:retire", {}).raise_for_status()
    refused = (422, "price_unknown", "pilot.hardware.profile")
    assert problem(created(api, profile)) == refused
    assert api.get("/api/pilots").json()["total"] == 0


def test_an_entered_row_is_one_of_the_book(api: Api) -> None:
    enter(api)
    assert created(api, "our-h100").status_code == 201
