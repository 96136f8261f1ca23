"""A schedule that somebody states in place of an inferred one plans the logged batches."""

from dataclasses import replace

import numpy as np
import pytest

from planner.imports.logged_run import LoggedRun
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.schedule import Schedule
from tests.support.logged_runs import constant, known_pilot, known_runs


def growing(thresholds: str) -> Schedule:
    return replace(constant("growing", 1), batch_size=BatchSize(thresholds=thresholds))


def with_batches(run: LoggedRun, batches: list[float]) -> LoggedRun:
    return replace(run, batch_size=np.array(batches))


def in_place_of_growing(batches: list[float]) -> list[LoggedRun]:
    """The known runs; those of the candidate logged these batches, a row every ten steps."""
    return [
        with_batches(run, batches) if run.schedule == "growing" else run for run in known_runs()
    ]


def test_a_stated_schedule_stands_in_place_of_the_inferred_one():
    stated = replace(constant("growing", 200), learning_rate=replace(A_RATE, initial=0.3))
    found = known_pilot(schedules=(stated,))
    (candidate,) = found.pilot.candidates
    assert candidate.learning_rate == stated.learning_rate


def test_it_is_refused_where_a_run_logged_another_batch():
    with pytest.raises(Refusal) as caught:
        known_pilot(schedules=(constant("today", 100), constant("growing", 250)))
    refusal = caught.value
    assert refusal.field == "schedules[1].batch_size"
    assert refusal.code == "import_schedule_contradicts"
    assert refusal.params == {
        "schedule": "growing",
        "run": "growing 1",
        "step": 0,
        "logged": 200,
        "stated": 250,
    }


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param([100, 100, 200, 200, 200], id="the batch of the step to come"),
        pytest.param([100, 100, 100, 200, 200], id="the batch of the step before"),
        pytest.param([100, np.nan, np.nan, 200, 200], id="rows that say nothing"),
    ],
)
def test_a_row_states_the_batch_of_one_of_the_steps_around_it(batches: list[float]):
    found = known_pilot(in_place_of_growing(batches), schedules=(growing("0:100 20ba:200"),))
    assert found.pilot.candidates[0].batch_size.thresholds == "0:100 20ba:200"


def test_a_run_may_not_change_between_the_two():
    early_then_late = [100.0, 200.0, 100.0, 200.0, 200.0]
    with pytest.raises(Refusal) as caught:
        known_pilot(in_place_of_growing(early_then_late), schedules=(growing("0:100 20ba:200"),))
    assert (caught.value.params["step"], caught.value.params["stated"]) == (10, 100)


def test_what_logged_no_batch_contradicts_nothing():
    found = known_pilot(in_place_of_growing([np.nan] * 5), schedules=(constant("growing", 64),))
    assert found.pilot.candidates[0].batch_size.initial == 64


def test_the_last_step_of_an_epoch_may_be_logged_with_the_samples_that_it_had():
    # 1,000 samples in batches of 300 are three whole steps and one of 100.
    runs = [
        replace(
            run, steps=np.array([1, 2, 3, 4, 5]), batch_size=np.array([300, 300, 300, 100, 300.0])
        )
        if run.schedule == "growing"
        else run
        for run in known_runs()
    ]
    found = known_pilot(runs, schedules=(constant("growing", 300),))
    assert found.pilot.candidates[0].batch_size.initial == 300


def test_a_schedule_that_is_not_compared_is_not_looked_at():
    assert known_pilot(schedules=(constant("another", 7),)).pilot.candidates[0].name == "growing"


A_RATE = constant("any", 1).learning_rate
