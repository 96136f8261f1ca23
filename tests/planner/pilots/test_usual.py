"""What a plan of each built-in workload begins with is a pilot that can be run."""

from dataclasses import replace

import pytest

from planner.pilots.pilot import Budget, Pilot, check_workload
from planner.pilots.seeds import Seeds
from planner.pilots.usual import USUAL
from planner.pilots.workload import BUILT_IN
from planner.refusal import Refusal
from planner.schedules.presets import grow_from_todays_batch, todays_schedule


def test_every_built_in_workload_has_a_usual_setting_and_no_other_has():
    assert USUAL.keys() == BUILT_IN.keys()


@pytest.mark.parametrize("name", USUAL)
def test_a_pilot_of_the_usual_setting_is_accepted(name):
    usual = USUAL[name]
    today = todays_schedule(initial_rate=usual.learning_rate, batch_size=usual.batch_size)
    pilot = Pilot(
        name=name,
        workload=name,
        target=usual.target,
        budget=Budget(epochs=usual.epochs),
        seeds=Seeds(confirmation=(11, 12)),
        schedules=(today, grow_from_todays_batch(today, epochs=usual.epochs)),
    )
    check_workload(pilot, BUILT_IN)


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch_size": 0}, {"learning_rate": 0.0}])
def test_nonsense_is_refused(wrong):
    (field,) = wrong
    with pytest.raises(Refusal) as refusal:
        replace(USUAL["digits-mlp"], **wrong)
    assert refusal.value.field == field


def test_what_nobody_measured_says_so():
    unmeasured = {name for name, usual in USUAL.items() if not usual.measured}
    assert {name for name in USUAL if name.startswith("cifar")} <= unmeasured
    assert USUAL["digits-mlp"].measured
