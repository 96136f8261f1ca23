from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateWarmUp
from planner.schedules.momentum import Momentum, MomentumForm, effective_rate
from planner.schedules.momentum_form import effective_factor, in_form
from planner.schedules.schedule import Schedule, plan_steps
from tests.support.any_schedule import MOST_EPOCHS_DRAWN, any_schedule

PUBLISHED = Schedule(
    name="warmup_cosine_max1.0",
    learning_rate=LearningRate(
        initial=0.1, decay="cosine", warm_up=RateWarmUp(maximum=1.0, epochs=3)
    ),
    batch_size=BatchSize(initial=8),
    momentum=Momentum(value=0.9),
    rate_form="normalised",
)

forms = st.sampled_from(["heavy_ball", "normalised", "nesterov"])


def effective(schedule: Schedule, form: MomentumForm):
    table = plan_steps(schedule, training_samples=100, epochs=MOST_EPOCHS_DRAWN, form=form)
    return effective_rate(form, rate=table.learning_rate, beta=table.momentum)


def test_a_normalised_rate_used_as_pytorchs_acts_ten_times_as_strongly_at_beta_nine_tenths():
    assert effective_factor(PUBLISHED, form="heavy_ball") == pytest.approx(1 / (1 - 0.9))
    assert effective_factor(replace(PUBLISHED, rate_form=None), form="heavy_ball") == 1


def test_a_converted_schedule_states_a_tenth_of_every_rate():
    ours = in_form(PUBLISHED, form="heavy_ball")
    assert (ours.learning_rate.initial, ours.rate_form) == (0.01, "heavy_ball")
    assert ours.learning_rate.warm_up == RateWarmUp(maximum=0.1, epochs=3)
    assert effective_factor(ours, form="heavy_ball") == 1


@settings(max_examples=60)
@given(any_schedule(), forms, forms)
def test_converting_a_schedule_keeps_the_effective_rate_of_every_step(schedule, stated, wanted):
    given_in = replace(schedule, rate_form=stated)
    converted = in_form(given_in, form=wanted)
    assert effective(converted, wanted) == pytest.approx(effective(given_in, stated), rel=1e-9)


def test_an_effective_rate_that_moves_with_beta_cannot_be_stated_in_the_normalised_form():
    moving = Momentum(value=0.9, shape="linear", final=0.95, keep_effective_rate=False)
    with pytest.raises(Refusal) as refusal:
        in_form(replace(PUBLISHED, momentum=moving, rate_form="heavy_ball"), form="normalised")
    assert refusal.value.field == "momentum.keep_effective_rate"
    assert refusal.value.code == "momentum_form_not_convertible"


def test_a_form_that_nobody_knows_is_refused():
    with pytest.raises(Refusal) as refusal:
        replace(PUBLISHED, rate_form="adam")
    assert (refusal.value.field, refusal.value.code) == ("rate_form", "choice_unknown")
