"""One pilot on several kinds of hardware side by side, each with a number or a reason."""

import pytest

from tests.review.planted import ASSUMPTIONS, PRODUCTION, measured
from tests.support.installation import Api, problem
from tests.support.known_pilot import GROWING, TODAY

H100 = {"profile": "h100-sxm-runpod-secure", "device_count": 8}
H200 = {"profile": "h200-runpod", "device_count": 8}
HERE = {"profile": "this-computer", "device_count": 8}
POINTS = [{"batch_size": 16, "step_time_s": 0.004}, {"batch_size": 64, "step_time_s": 0.006}]


@pytest.fixture
def pilot_id(api: Api) -> str:
    truth = {"today": [10.0] * 3, "growing": [9.0] * 3}
    seeds = {"confirmation": [11, 12, 13]}
    return measured(api, truth, key="compared", schedules=[TODAY, GROWING], seeds=seeds)


def asked(api: Api, pilot_id: str, *compared: object):  # type: ignore[no-untyped-def]
    return api.post(
        "/api/reviews:compute",
        {
            "pilot_id": pilot_id,
            "production": PRODUCTION,
            "hardware": HERE,
            "assumptions": ASSUMPTIONS,
            "compared_hardware": compared,
        },
    )


def test_hardware_has_numbers_where_a_curve_is_known_or_typed_and_a_reason_elsewhere(
    api: Api, pilot_id: str
) -> None:
    here = {"hardware": HERE}
    known, typed, unknown = (
        asked(api, pilot_id, here, {"hardware": H100, "typed_points": POINTS}, {"hardware": H100})
        .raise_for_status()
        .json()["hardware_cases"]
    )
    assert known["today"]["training_h"] == pytest.approx(PRODUCTION["training_h"])
    assert typed["npv"]["currency"] == ASSUMPTIONS["currency"]
    assert typed["payback"] is not None
    assert (unknown["unavailable"], unknown["npv"]) == ("throughput_unknown", None)


@pytest.mark.parametrize(
    ("compared", "refused"),
    [
        (
            {"hardware": {"profile": "no-such-row", "device_count": 8}},
            (422, "price_unknown", "compared_hardware[0].hardware.profile"),
        ),
        (
            {"hardware": H100, "typed_points": POINTS[:1]},
            (422, "typed_points_not_two", "compared_hardware[0].typed_points"),
        ),
        (
            {"hardware": {"profile": "this-computer", "device_count": 0}},
            (422, "below_minimum", "compared_hardware[0].hardware.device_count"),
        ),
    ],
)
def test_hardware_that_nobody_can_price_or_time_is_refused_at_its_field(
    api: Api, pilot_id: str, compared: object, refused: object
) -> None:
    assert problem(asked(api, pilot_id, compared)) == refused


def test_production_hours_stay_those_of_the_hardware_that_the_pilot_names(api: Api) -> None:
    """100 h on H100s are no 100 h on H200s: without the speed of both there is no number."""
    truth = {"today": [10.0] * 3, "growing": [9.0] * 3}
    seeds = {"confirmation": [11, 12, 13]}
    planned = {"schedules": [TODAY, GROWING], "seeds": seeds, "hardware": H100}
    named = measured(api, truth, key="named", production=PRODUCTION, **planned)
    lambda_h100 = H100 | {"profile": "h100-sxm-lambda-8x"}

    def today_h(hardware: object, **day: str) -> object:
        request = {"pilot_id": named, "hardware": hardware, "assumptions": ASSUMPTIONS, **day}
        review = api.post("/api/reviews:compute", request).raise_for_status().json()
        return review["unavailable"] or review["today"]["training_h"]

    assert today_h(H100) == pytest.approx(PRODUCTION["training_h"])
    assert today_h(lambda_h100) == pytest.approx(PRODUCTION["training_h"])
    assert today_h(H200) == "throughput_unknown"
    assert today_h(HERE, price_day="2026-01-01") == "throughput_unknown"
