"""A plan whose stages are trained on several devices: its times, and the devices that it holds."""

import pytest

from planner.pilots.device_stages import DevicesOfSchedule
from tests.planner.devices.scaled import a_scaling
from tests.planner.plans.test_plan import TODAY_S, a_pilot, facts

LARGE_ON_TWO_S = 2 * 5 * 0.1 + 3 * 1.0
"""Two devices take 100 of its 200 samples each."""


@pytest.mark.parametrize(
    ("scaling", "exchange_s"),
    [(None, 0.0), (a_scaling(workload="w", device="d"), 2 * 5 * 0.002)],
)
def test_a_schedule_on_two_devices_is_planned_with_their_time_and_holds_both(scaling, exchange_s):
    devices = (DevicesOfSchedule(schedule="large", counts=(2,)),)
    found = facts(a_pilot(devices=devices), scaling=scaling)
    today, large = found.schedules
    assert today.run_time_s == pytest.approx(TODAY_S)
    assert large.run_time_s == pytest.approx(LARGE_ON_TWO_S + exchange_s)
    held_s = 7 * TODAY_S + 7 * 2 * (LARGE_ON_TWO_S + exchange_s)
    assert found.pilot_device_h == pytest.approx(held_s / 3600)
