"""A published setting as one more candidate of a plan."""

import csv
from pathlib import Path

import pytest
import yaml

from frontend.calls.codec import adapter
from frontend.planning.catalogue_start import Difference, difference, planned_epochs, with_start
from frontend.planning.document import read, written
from frontend.planning.form import plan_of
from planner.pilots.pilot import Pilot
from planner.pilots.workload import BUILT_IN
from planner.schedules.published import published_setting
from planner.schedules.schedule import Schedule, check_fits

DATA = Path(__file__).parents[3] / "backend" / "data"
EXAMPLE = DATA / "example_pilot.yaml"
PILOT = adapter(Pilot).validate_python(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
PLAN = written(plan_of(PILOT, name="Ours"), "pilot.budget.epochs", 20)
DIGITS = BUILT_IN["digits-mlp"]
ROWS = csv.DictReader((DATA / "published_settings.csv").read_text(encoding="utf-8").splitlines())
SETTINGS = {setting.id: setting for setting in map(published_setting, ROWS)}
NORMALISED = SETTINGS["json_nshb/incr_bs_incr_lr/doubly_incr_lr_max0.5"]
HEAVY_BALL = SETTINGS["json_shb/incr_bs_incr_lr/doubly_incr_lr_max0.5"]


def last_candidate(document):
    return adapter(Schedule).validate_python(read(document, "pilot.schedules")[-1])


def test_one_is_warned_of_other_epochs_other_data_and_another_form():
    # Normalised rates used as PyTorch's at beta 0.9 are ten times as large.
    found = difference(NORMALISED, PLAN, DIGITS)
    assert (found.epochs, found.training_samples) == (20, 1078)
    assert found.effective_factor == pytest.approx(1 / (1 - 0.9))


def test_a_plan_like_the_publication_has_no_difference():
    plan = written(PLAN, "pilot.budget.epochs", 300)
    assert difference(HEAVY_BALL, plan, None) == Difference(
        epochs=None, training_samples=None, effective_factor=1.0
    )


def test_a_stretched_start_runs_as_long_as_the_plan_with_all_its_stages():
    made = with_start(PLAN, HEAVY_BALL, length="stretched", converted=False)
    schedule = last_candidate(made)
    assert (schedule.role, schedule.epochs, schedule.batch_size.every_epochs) == (
        "candidate",
        None,
        2,
    )
    assert schedule.learning_rate.growth.maximum == 0.5


def test_a_start_of_its_own_length_is_exactly_what_was_published():
    schedule = last_candidate(with_start(PLAN, HEAVY_BALL, length="own", converted=False))
    assert schedule.epochs == 300
    assert schedule.learning_rate == HEAVY_BALL.schedule.learning_rate
    assert schedule.batch_size == HEAVY_BALL.schedule.batch_size


def test_converted_rates_keep_their_effective_rate_in_the_form_of_the_plan():
    # eta 0.1 to 0.5 are alpha 0.01 to 0.05 at beta 0.9.
    schedule = last_candidate(with_start(PLAN, NORMALISED, length="own", converted=True))
    assert schedule.learning_rate.initial == pytest.approx(0.01)
    assert schedule.learning_rate.growth.maximum == pytest.approx(0.05)
    assert schedule.rate_form == "heavy_ball"


def test_a_setting_that_is_taken_twice_has_two_names_and_leaves_the_others_as_they_are():
    once = with_start(PLAN, HEAVY_BALL, length="own", converted=False)
    twice = with_start(once, HEAVY_BALL, length="stretched", converted=False)
    assert [one["name"] for one in read(twice, "pilot.schedules")[-2:]] == [
        "(iii) doubly_incr_lr_max0.5",
        "(iii) doubly_incr_lr_max0.5 2",
    ]
    assert read(twice, "pilot.schedules")[:-2] == read(PLAN, "pilot.schedules")


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("epochs", [1, 7, 20])
def test_every_setting_can_be_taken_into_a_plan_of_any_length(setting, epochs):
    plan = written(PLAN, "pilot.budget.epochs", epochs)
    made = with_start(plan, setting, length="stretched", converted=True)
    check_fits(last_candidate(made), epochs)


def test_a_plan_whose_epochs_were_left_empty_counts_as_one():
    assert planned_epochs(written(PLAN, "pilot.budget.epochs", None)) == 1
