import json

import pytest
from hypothesis import given, settings

from frontend.calls.codec import adapter
from frontend.planning.schedule_form import (
    BATCH_SHAPES,
    PRESETS,
    RATE_SHAPES,
    batch_shape,
    first_batch_size,
    free_name,
    milestones_of,
    milestones_text,
    preset_schedule,
    rate_shape,
    schedule_document,
    with_batch_shape,
    with_landing,
    with_rate_shape,
    with_warm_up,
)
from frontend.tables.stages import rows_of
from planner.schedules.presets import todays_schedule
from planner.schedules.schedule import Schedule, plan_steps, stages
from tests.support.any_schedule import any_schedule

TODAY = schedule_document(todays_schedule(initial_rate=0.02, batch_size=8))
EPOCHS = 20


def value_of(document):
    return adapter(Schedule).validate_python(document)


def batches(document):
    table = plan_steps(value_of(document), training_samples=1024, epochs=EPOCHS)
    return [stage.batch_size for stage in stages(table)]


@pytest.mark.parametrize("shape", RATE_SHAPES)
def test_a_chosen_rate_is_the_rate_that_is_shown_and_can_be_run(shape):
    changed = with_rate_shape(TODAY, shape, epochs=EPOCHS)
    assert rate_shape(changed["learning_rate"]) == shape
    assert (
        plan_steps(value_of(changed), training_samples=64, epochs=EPOCHS).learning_rate[0] == 0.02
    )


@pytest.mark.parametrize("shape", BATCH_SHAPES)
def test_a_chosen_batch_is_the_batch_that_is_shown_and_starts_where_it_did(shape):
    changed = with_batch_shape(TODAY, shape, epochs=EPOCHS)
    assert batch_shape(changed["batch_size"]) == shape
    assert batches(changed)[0] == 8


def test_a_growth_that_lands_ends_on_the_batch_at_which_it_was_cut_off():
    growing = with_batch_shape(TODAY, "growth", epochs=EPOCHS)
    landing = with_landing(growing, wanted=True)
    assert landing["batch_size"]["land_on"] == growing["batch_size"]["maximum"] == 8 * 16
    assert batches(landing)[-1] == 8 * 16
    assert with_landing(landing, wanted=False) == growing


def test_epochs_of_steps_down_are_read_as_people_write_them():
    assert milestones_of("60, 120 160、200") == [60, 120, 160, 200]
    assert milestones_text([60, 120]) == "60, 120"
    assert milestones_text(None) == ""
    assert milestones_of("60, half") == [60, "half"], "for the API to refuse"


def test_growth_and_stages_begin_with_five_equal_stages_of_twice_the_batch():
    assert batches(with_batch_shape(TODAY, "growth", epochs=EPOCHS)) == [8, 16, 32, 64, 128]
    assert batches(with_batch_shape(TODAY, "stages", epochs=EPOCHS)) == [8, 16, 32, 64, 128]


def test_rates_by_stage_begin_at_the_rate_that_there_was():
    rates = [row.learning_rate for row in rows_of(with_rate_shape(TODAY, "stages", epochs=EPOCHS))]
    assert rates == [0.02] * 5


def test_without_a_table_of_batches_there_is_no_table_of_rates():
    tabled = with_rate_shape(TODAY, "stages", epochs=EPOCHS)
    constant = with_batch_shape(tabled, "constant", epochs=EPOCHS)
    assert rate_shape(constant["learning_rate"]) == "constant"


def test_a_warm_up_survives_another_decay_and_can_be_taken_off():
    warmed = with_warm_up(TODAY, wanted=True, epochs=EPOCHS)
    assert warmed["learning_rate"]["warm_up"] == {"maximum": 0.04, "epochs": 2, "every_epochs": 1}
    linear = with_rate_shape(warmed, "linear", epochs=EPOCHS)
    assert linear["learning_rate"]["warm_up"] == warmed["learning_rate"]["warm_up"]
    assert "warm_up" not in with_warm_up(linear, wanted=False, epochs=EPOCHS)["learning_rate"]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_a_candidate_that_starts_like_today(preset):
    made = preset_schedule(preset, today=TODAY, epochs=EPOCHS, name="new", taken=["today"])
    schedule = value_of(made)
    assert (schedule.name, schedule.role) == ("new", "candidate")
    assert batches(made)[0] == 8
    assert schedule.learning_rate.initial == 0.02


def test_the_default_candidate_grows_to_sixteen_times_todays_batch():
    made = preset_schedule("grow_from_today", today=TODAY, epochs=EPOCHS, name="new", taken=[])
    assert batches(made) == [8, 16, 32, 64, 128]


def test_two_schedules_never_share_a_name():
    assert free_name("new", ["today"]) == "new"
    assert free_name("new", ["new", "new 2"]) == "new 3"


@pytest.mark.parametrize(
    ("batch", "first"),
    [
        ({"initial": 32}, 32),
        ({"initial": None, "thresholds": "0:64 4ep:128"}, 64),
        ({"thresholds": "ep:"}, 1),
        ({"initial": None}, 1),
    ],
)
def test_the_first_batch_is_known_for_every_form(batch, first):
    assert first_batch_size(batch) == first


@settings(max_examples=60)
@given(any_schedule())
def test_any_schedule_comes_back_from_its_document_unchanged(schedule):
    document = json.loads(json.dumps(schedule_document(schedule)))
    assert value_of(document) == schedule
