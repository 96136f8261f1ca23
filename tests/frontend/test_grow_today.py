from frontend.grow_today import Growth, grown, with_grown
from frontend.schedule_form import schedule_document
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


def test_a_largest_batch_below_todays_leaves_todays():
    assert set(of(largest=4).batch_sizes) == {8}


def test_nothing_is_made_of_a_schedule_that_is_not_valid_yet():
    assert of({**TODAY, "learning_rate": {"initial": None}}) is None
    assert of(factor=0.5) is None


def test_it_is_one_more_candidate_under_a_free_name():
    made = of()
    assert made is not None
    (first, added) = with_grown([TODAY], made, taken=["grow from today"])
    assert (first, added["name"]) == (TODAY, "grow from today 2")
