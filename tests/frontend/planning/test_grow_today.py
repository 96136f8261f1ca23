import pytest

from frontend.planning.grow_today import Growth, grown, holds, with_grown
from frontend.planning.schedule_form import schedule_document
from planner.schedules.presets import todays_schedule
from planner.schedules.rate_to_batch import RateToBatch

TODAY = schedule_document(todays_schedule(initial_rate=0.02, batch_size=8))


def of(today=TODAY, **asked):
    fields = {"stages": 5, "factor": 2.0, "largest": 64, "rule": None, "ramp_epochs": 0.0}
    return grown(
        today, Growth(**(fields | asked)), epochs=20, training_samples=64, name="grow from today"
    )


def test_todays_batch_grows_stage_by_stage_up_to_the_largest():
    made = of()
    assert made.batch_sizes == (8, 16, 32, 64, 64)
    assert made.steps == 4 * (8 + 4 + 2 + 1 + 1)
    assert made.steps_today == 20 * 8
    assert made.schedule.learning_rate.to_batch is None
    assert made.schedule.role == "candidate"


def test_the_rate_follows_the_batch_where_that_is_asked_for():
    made = of(rule="square_root", ramp_epochs=0.5)
    assert made.schedule.learning_rate.to_batch == RateToBatch(rule="square_root", ramp_epochs=0.5)


def test_a_batch_that_has_reached_its_largest_is_shown_once():
    assert of().sizes_shown == (8, 16, 32, 64)
    many = of(stages=20)
    assert (len(many.batch_sizes), many.sizes_shown) == (20, (8, 16, 32, 64))


def test_six_stages_do_not_fit_into_twenty_epochs():
    assert len(of(stages=6).batch_sizes) == 5  # of 4 epochs each


@pytest.mark.parametrize("asked", [{"largest": 4}, {"largest": 8}, {"factor": 1.0}])
def test_a_largest_batch_below_todays_or_no_growth_leaves_todays(asked):
    made = of(**asked)
    assert made.sizes_shown == (8,)
    assert not made.grows
    assert of().grows


def test_a_candidate_is_known_again_under_any_name_and_with_what_it_leaves_unsaid():
    made = of()
    plan = with_grown([TODAY], made, taken=["grow from today"])
    assert not holds([TODAY], made)
    assert holds(plan, made)
    said = {field: value for field, value in plan[1].items() if field != "epochs"}
    assert holds([TODAY, {**said, "name": "mine"}], made)
    assert not holds(plan, of(stages=4))
    assert not holds([{**TODAY, "learning_rate": {"initial": None}}], made)


def test_nothing_is_made_of_a_schedule_that_is_not_valid_yet():
    assert of({**TODAY, "learning_rate": {"initial": None}}) is None
    assert of(factor=0.5) is None


def test_it_is_one_more_candidate_under_a_free_name():
    made = of()
    assert made is not None
    (first, added) = with_grown([TODAY], made, taken=["grow from today"])
    assert (first, added["name"]) == (TODAY, "grow from today 2")
