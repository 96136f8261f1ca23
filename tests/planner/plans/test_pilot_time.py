"""How many runs a pilot needs, and how long workers take over them."""

import numpy as np
import pytest

from planner.devices.bundle import Bundling
from planner.plans.pilot_time import (
    confirmed_s,
    longest_run_s,
    pilot_device_h,
    pilot_time_s,
    run_counts,
)
from planner.plans.queue_forecast import Serving
from planner.plans.run_time import RunTime
from tests.planner.plans.planned_pilots import a_pilot, schedule


def a_time(total_s, *, bundling=None, devices=1):
    """A run that is nothing but one step."""
    return RunTime(
        steps=np.array([0, 1]),
        spent_s=np.array([0.0, total_s]),
        stages=(),
        evaluation_s=0.0,
        bundling=bundling,
        devices_from=((0, devices),),
    )


def test_a_pilot_counts_its_runs_phase_by_phase():
    counts = run_counts(a_pilot(), needs_probe=True)
    assert (counts.probe, counts.selection, counts.confirmation) == (1, 2 * 2 * 2, 2 * 3)


def test_at_most_two_of_many_candidates_are_confirmed():
    many = tuple(schedule(name, 200) for name in "abcd")
    pilot = a_pilot(schedules=(schedule("today", 100, "baseline"), *many))
    assert run_counts(pilot, needs_probe=False).confirmation == (1 + 2) * 3


def test_device_hours_are_the_sum_of_all_runs():
    times = {"today": a_time(3600.0), "large": a_time(1800.0)}
    assert pilot_device_h(a_pilot(), times) == (4 + 3) * 1.0 + (4 + 3) * 0.5


def test_candidates_that_are_not_chosen_yet_count_with_their_mean():
    candidates = [schedule(name, 200) for name in "abc"]
    pilot = a_pilot(schedules=(schedule("today", 100, "baseline"), *candidates))
    times = {
        name: a_time(seconds)
        for name, seconds in {"today": 3600.0, "a": 3600.0, "b": 7200.0, "c": 10800.0}.items()
    }
    confirmation_h = 3 * (1 + 2 * 2)
    assert pilot_device_h(pilot, times) == 4 * (1 + 1 + 2 + 3) + confirmation_h


def test_the_confirmation_waits_for_the_whole_selection():
    """Two workers: 4 + 4 runs of 1 s and 3 s, then 3 + 3 of them."""
    times = {"today": a_time(1.0), "large": a_time(3.0)}
    alone = pilot_time_s(a_pilot(), times, serving=(Serving(),))
    assert alone == (4 + 3) * (1.0 + 3.0)
    late = pilot_time_s(a_pilot(), times, serving=(Serving(free_s=5.0),))
    assert late == 5.0 + alone
    by_two = pilot_time_s(a_pilot(), times, serving=(Serving(), Serving()))
    assert by_two is not None
    assert by_two >= alone / 2


def test_runs_of_one_device_go_past_a_worker_that_takes_large_ones_only():
    """4 runs on one device at 1 s, 4 on two at 3 s, then 3 of each; each kind has a worker."""
    times = {"today": a_time(1.0), "large": a_time(3.0, devices=2)}
    small, large = Serving(), Serving(device_count=2, fewest_devices=2)
    assert pilot_time_s(a_pilot(), times, serving=(small, large)) == (4 + 3) * 3.0
    assert pilot_time_s(a_pilot(), times, serving=(large,)) is None
    assert pilot_time_s(a_pilot(), times, serving=(small,)) is None


def test_the_confirmation_of_candidates_that_are_not_chosen_has_their_mean_on_each_device_count():
    """Candidates of 3 s on one device, 6 s on two and none: 3 x 2 average ones of 1 s and 2 s."""
    candidates = [schedule(name, 200) for name in "abc"]
    pilot = a_pilot(schedules=(schedule("today", 100, "baseline"), *candidates))
    times = {
        "today": a_time(4.0),
        "a": a_time(3.0),
        "b": a_time(6.0, devices=2),
        "c": a_time(0.0),
    }
    alone = (Serving(device_count=2),)
    assert confirmed_s(pilot, times, serving=alone, from_s=10.0) == 10.0 + 3 * (4.0 + 2 * (1 + 2))


def test_candidates_that_will_all_be_confirmed_take_their_own_time_on_their_own_devices():
    """3 runs of 10 s on one device; nobody shares them with the worker that takes larger ones."""
    candidates = [schedule(name, 200) for name in "ab"]
    pilot = a_pilot(schedules=(schedule("today", 100, "baseline"), *candidates))
    times = {"today": a_time(0.0), "a": a_time(10.0), "b": a_time(1.0, devices=2)}
    both = (Serving(), Serving(device_count=2, fewest_devices=2))
    assert confirmed_s(pilot, times, serving=both, from_s=0.0) == 3 * 10.0


def test_runs_that_are_trained_together_need_their_share_of_the_device():
    """4 runs of the selection at 4/4 of 2.0, 3 of the confirmation at 3/4 of it, times 2 arms."""
    bundling = Bundling(execution="batched", members=4, least_members=3, speed_up_ratio=2.0)
    times = {name: a_time(3600.0, bundling=bundling) for name in ("today", "large")}
    together_h = 2 * (4 / 2.0 + 3 / (2.0 * 3 / 4))
    assert pilot_device_h(a_pilot(), times) == pytest.approx(together_h)
    assert pilot_time_s(a_pilot(), times, serving=(Serving(),)) == pytest.approx(together_h * 3600)
    two_workers = 2 * (4 + 3)  # 2 each: too few for it to pay
    assert pilot_device_h(a_pilot(), times, workers=2) == pytest.approx(two_workers)


def test_a_cap_of_a_run_is_held_against_its_share_of_a_device_in_the_smaller_phase():
    """3 runs of the confirmation at 3/4 of 2.0, where 4 of the selection would go together."""
    bundling = Bundling(execution="batched", members=4, least_members=3, speed_up_ratio=2.0)
    times = {"today": a_time(3600.0, bundling=bundling), "large": a_time(1800.0)}
    assert longest_run_s(a_pilot(), times) == pytest.approx(3600.0 / (2.0 * 3 / 4))
    assert longest_run_s(a_pilot(), times, workers=2) == 3600.0
