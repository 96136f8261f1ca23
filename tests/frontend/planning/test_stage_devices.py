"""Devices of each stage in the document of a plan."""

import pytest

from frontend.calls.codec import adapter
from frontend.planning.document import read
from frontend.planning.form import plan_of, plan_request, step_of, without_schedule
from frontend.planning.stage_devices import (
    counts_of,
    of_schedules,
    renamed,
    with_count,
    with_counts,
)
from planner.pilots.device_stages import DevicesOfSchedule
from planner.pilots.pilot import Pilot
from tests.support.installation import pilot_data

PLAN = plan_of(adapter(Pilot).validate_python(pilot_data()), name="Ours")
GROWING = "growing batch"
TWO_THEN_FOUR = with_counts(PLAN, GROWING, [2, 4])


def test_a_schedule_of_which_nothing_is_said_has_one_device_in_every_stage():
    assert counts_of(PLAN, GROWING, stages=3) == [1, 1, 1]


def test_the_last_number_holds_for_the_stages_after_it():
    assert counts_of(TWO_THEN_FOUR, GROWING, stages=4) == [2, 4, 4, 4]


def test_the_devices_of_one_stage_change_and_those_of_the_others_stay():
    changed = with_count(TWO_THEN_FOUR, GROWING, 1, stage=1, stages=3)
    assert counts_of(changed, GROWING, stages=3) == [2, 1, 4]
    assert counts_of(TWO_THEN_FOUR, GROWING, stages=2) == [2, 4]


def test_stages_that_are_not_shown_keep_their_devices():
    many = with_counts(PLAN, GROWING, [2, 4, 8])
    changed = with_count(many, GROWING, 1, stage=0, stages=2)
    assert counts_of(changed, GROWING, stages=3) == [1, 4, 8]


def test_devices_of_schedules_that_are_gone_are_gone():
    assert of_schedules(TWO_THEN_FOUR, [GROWING]) == TWO_THEN_FOUR
    assert read(of_schedules(TWO_THEN_FOUR, ["today"]), "pilot.devices") == []


def test_what_is_set_is_what_the_pilot_is_started_with():
    assert plan_request(TWO_THEN_FOUR).pilot.devices == (
        DevicesOfSchedule(schedule=GROWING, counts=(2, 4)),
    )
    assert plan_request(with_counts(TWO_THEN_FOUR, GROWING, None)).pilot.devices == ()


def test_devices_go_with_the_name_of_their_schedule():
    changed = renamed(TWO_THEN_FOUR, 1, "larger batch")
    assert read(changed, "pilot.schedules[1].name") == "larger batch"
    assert counts_of(changed, "larger batch", stages=2) == [2, 4]
    assert plan_request(changed).pilot.devices_of(GROWING) is None


@pytest.mark.parametrize("counts_of_today", [None, [8]])
def test_a_name_that_another_schedule_has_for_a_moment_mixes_up_no_devices(
    counts_of_today: list[int] | None,
):
    plan = with_counts(TWO_THEN_FOUR, "today", counts_of_today)
    taken = renamed(plan, 1, "today")
    assert read(taken, "pilot.schedules[1].name") == "today"
    changed = renamed(taken, 1, "larger batch")
    assert counts_of(changed, "larger batch", stages=2) == [2, 4]
    assert counts_of(changed, "today", stages=1) == (counts_of_today or [1])


def test_a_schedule_on_one_device_takes_none_of_a_name_that_it_has_for_a_moment():
    changed = renamed(renamed(TWO_THEN_FOUR, 0, GROWING), 0, "today")
    assert changed == TWO_THEN_FOUR


def test_a_schedule_that_is_taken_out_leaves_no_devices():
    assert read(without_schedule(TWO_THEN_FOUR, 1), "pilot.devices") == []


def test_a_refusal_of_devices_is_shown_on_the_step_of_the_schedules():
    assert step_of("pilot.devices[0].counts[1]") == 2
