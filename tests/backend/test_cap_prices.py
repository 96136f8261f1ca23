"""Caps of money and energy where the hardware that was chosen is not what runs."""

from typing import Any

import pytest

from backend.wire.codec import encode
from tests.support.entered_prices import put
from tests.support.installation import Api, StillClock, a_pilot, pilot_data, problem
from tests.support.planted_worker import planted_curve

DOLLAR = {"amount": 1.0, "currency": "USD"}
CENT_A_SECOND = {"amount": 36.0, "currency": "USD"}
H100 = {"profile": "h100-sxm-lambda-1x", "device_count": 1}


@pytest.mark.parametrize(
    ("caps", "code"),
    [
        ({"pilot_money": DOLLAR}, "cap_needs_price"),
        ({"pilot_energy_kwh": 1.0}, "cap_needs_power"),
    ],
)
def test_the_price_and_power_of_a_device_that_does_not_run_cap_nothing(
    api: Api, caps: dict[str, Any], code: str
) -> None:
    body = {
        "pilot": pilot_data(caps=caps, hardware=H100),
        "throughput": encode(planted_curve()),
    }
    answer = api.post("/api/pilots", body, **{"Idempotency-Key": "a"})
    assert problem(answer) == (422, code, f"pilot.caps.{next(iter(caps))}")


def test_money_counts_at_the_price_of_this_computer_where_another_device_was_chosen(
    api: Api, clock: StillClock
) -> None:
    """36 $/h were entered for this computer, a cent a second; the H100 costs less than a tenth."""
    put(
        api, "this-computer", kind="this_computer", rent_per_gpu_hour=CENT_A_SECOND
    ).raise_for_status()
    pilot = a_pilot(caps={"run_money": DOLLAR}, hardware=H100)
    api.create(pilot, throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    commands = []
    for _ in range(50):
        clock.pass_s(2.0)
        commands.append(worker.beat(claim))
    assert commands == ["continue"] * 49 + ["cap"]
