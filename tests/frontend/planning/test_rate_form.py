from dataclasses import replace

from frontend.planning.rate_form import RATE_FORMS, converted, is_mixed
from frontend.planning.schedule_form import schedule_document
from planner.schedules.momentum import Momentum
from planner.schedules.presets import todays_schedule

TODAY = todays_schedule(initial_rate=0.1, batch_size=8)
NORMALISED = schedule_document(replace(TODAY, rate_form="normalised"))


def test_rates_of_another_form_can_be_stated_for_the_pilots():
    assert is_mixed(NORMALISED, "heavy_ball")
    ours = converted(NORMALISED, "heavy_ball")
    assert ours is not None
    assert ours["learning_rate"]["initial"] == 0.1 * (10 - 9) / 10
    assert not is_mixed(ours, "heavy_ball")


def test_a_schedule_that_names_no_form_or_is_not_valid_yet_is_left_alone():
    assert not is_mixed(schedule_document(TODAY), "normalised")
    unfinished = {**NORMALISED, "momentum": {"value": None}}
    assert not is_mixed(unfinished, "heavy_ball")
    assert converted(unfinished, "heavy_ball") is None


def test_what_the_normalised_form_cannot_state_is_not_converted():
    moving = Momentum(value=0.9, shape="linear", final=0.5, keep_effective_rate=False)
    ours = schedule_document(replace(TODAY, rate_form="heavy_ball", momentum=moving))
    assert converted(ours, "normalised") is None


def test_every_form_is_offered_and_the_pilots_own_first():
    assert RATE_FORMS == ("own", "heavy_ball", "normalised", "nesterov")
