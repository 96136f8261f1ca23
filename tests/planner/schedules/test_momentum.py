import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum, MomentumForm, effective_rate, momentum_change
from planner.schedules.schedule import Schedule, StepTable, plan_steps

betas = st.floats(0, 0.99)
forms = st.sampled_from(["heavy_ball", "normalised", "nesterov"])


def four_epochs_of_ten_steps(
    momentum: Momentum, *, form: MomentumForm = "heavy_ball", rate: LearningRate | None = None
) -> StepTable:
    schedule = Schedule(
        name="one",
        learning_rate=rate or LearningRate(initial=0.1),
        batch_size=BatchSize(initial=10),
        momentum=momentum,
    )
    return plan_steps(schedule, training_samples=100, epochs=4, form=form)


@pytest.mark.parametrize(
    ("form", "expected"),
    [("heavy_ball", 0.1 / (1 - 0.9)), ("nesterov", 0.1 / (1 - 0.9)), ("normalised", 0.1)],
)
def test_a_tenth_at_beta_nine_tenths_is_effectively_one_in_pytorchs_forms(form, expected):
    assert effective_rate(form, rate=0.1, beta=0.9) == pytest.approx(expected)


def test_raising_beta_to_nineteen_twentieths_halves_the_rate_and_doubles_the_buffer():
    change = momentum_change("heavy_ball", old=0.9, new=0.95)
    assert change.rate_factor == pytest.approx(0.5)
    assert change.buffer_factor == pytest.approx(2.0)


def test_the_normalised_form_needs_no_conversion():
    change = momentum_change("normalised", old=0.9, new=0.95)
    assert (change.rate_factor, change.buffer_factor) == (1.0, 1.0)


@given(betas, betas, st.floats(1e-4, 10))
def test_a_change_of_beta_keeps_the_effective_rate(old, new, rate):
    change = momentum_change("heavy_ball", old=old, new=new)
    before = effective_rate("heavy_ball", rate=rate, beta=old)
    after = effective_rate("heavy_ball", rate=rate * change.rate_factor, beta=new)
    assert after == pytest.approx(before)


@pytest.mark.parametrize("value", [-0.1, 1.0, math.nan])
def test_a_beta_outside_its_range_is_refused(value):
    with pytest.raises(Refusal) as refusal:
        Momentum(value=value)
    assert (refusal.value.field, refusal.value.code) == ("value", "momentum_out_of_range")


def test_a_linear_momentum_goes_from_its_value_to_its_final_one_step_by_step():
    table = four_epochs_of_ten_steps(Momentum(value=0.8, shape="linear", final=0.95))
    expected = [0.8 + 0.15 * step / 39 for step in range(40)]
    assert table.momentum == pytest.approx(expected)


def test_a_step_momentum_jumps_equally_every_few_epochs():
    momentum = Momentum(value=0.8, shape="step", final=0.95, every_epochs=2)
    assert four_epochs_of_ten_steps(momentum).momentum == pytest.approx([0.8] * 20 + [0.95] * 20)
    every = Momentum(value=0.8, shape="step", final=0.95, every_epochs=1)
    levels = [level for level in (0.8, 0.85, 0.9, 0.95) for _ in range(10)]
    assert four_epochs_of_ten_steps(every).momentum == pytest.approx(levels)


def test_a_mirrored_momentum_is_lowest_where_the_rate_is_highest():
    rate = LearningRate(
        initial=0.4, decay="stages", milestones_epochs=(1, 2, 3), rates=(0.3, 0.2, 0.1)
    )
    table = four_epochs_of_ten_steps(
        Momentum(value=0.85, shape="mirrored", final=0.97), form="normalised", rate=rate
    )
    levels = [0.85 + 0.12 * share for share in (0, 1 / 3, 2 / 3, 1) for _ in range(10)]
    assert table.momentum == pytest.approx(levels)
    assert table.learning_rate == pytest.approx([0.4] * 10 + [0.3] * 10 + [0.2] * 10 + [0.1] * 10)


def test_a_mirror_of_a_constant_rate_is_constant():
    table = four_epochs_of_ten_steps(Momentum(value=0.9, shape="mirrored", final=0.95))
    assert set(table.momentum.tolist()) == {0.9}


def test_a_constant_momentum_changes_neither_rate_nor_buffer():
    table = four_epochs_of_ten_steps(Momentum(value=0.87))
    assert set(table.learning_rate.tolist()) == {0.1}
    assert set(table.buffer_factor.tolist()) == {1.0}


@given(betas, betas, forms, st.sampled_from(["linear", "step", "mirrored"]))
def test_the_effective_rate_follows_the_stated_curve_whatever_momentum_does(
    value, final, form, shape
):
    rate = LearningRate(initial=0.1, decay="linear")
    every = 1 if shape == "step" else None
    momentum = Momentum(value=value, shape=shape, final=final, every_epochs=every)
    table = four_epochs_of_ten_steps(momentum, form=form, rate=rate)
    stated = effective_rate(form, rate=0.1 * (1 - np.arange(40) / 40), beta=value)
    effective = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    assert effective == pytest.approx(stated)


@given(betas, betas)
def test_heavy_ball_that_is_converted_walks_the_path_of_the_normalised_form(value, final):
    momentum = Momentum(value=value, shape="linear", final=final)
    ours = four_epochs_of_ten_steps(momentum)
    normalised = four_epochs_of_ten_steps(
        momentum, form="normalised", rate=LearningRate(initial=0.1 / (1 - value))
    )
    gradients = np.cos(np.arange(40))
    buffer = average = at = theirs = 0.0
    for step, gradient in enumerate(gradients):
        buffer = ours.momentum[step] * ours.buffer_factor[step] * buffer + gradient
        at -= ours.learning_rate[step] * buffer
        beta = normalised.momentum[step]
        average = beta * average + (1 - beta) * gradient
        theirs -= normalised.learning_rate[step] * average
    assert at == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_momentum_alone_moves_the_effective_rate_where_that_is_asked_for():
    alone = Momentum(value=0.9, shape="linear", final=0.95, keep_effective_rate=False)
    table = four_epochs_of_ten_steps(alone)
    assert set(table.learning_rate.tolist()) == {0.1}
    assert set(table.buffer_factor.tolist()) == {1.0}


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"final": 0.95}, ("final", "momentum_final_needs_shape")),
        ({"shape": "linear"}, ("final", "momentum_final_missing")),
        ({"shape": "linear", "final": 1.0}, ("final", "momentum_out_of_range")),
        ({"shape": "step", "final": 0.95}, ("every_epochs", "every_epochs_missing")),
        ({"shape": "step", "final": 0.95, "every_epochs": 0}, ("every_epochs", "below_minimum")),
        (
            {"shape": "linear", "final": 0.95, "every_epochs": 2},
            ("every_epochs", "momentum_every_needs_step"),
        ),
        ({"shape": "wavy", "final": 0.95}, ("shape", "choice_unknown")),
    ],
)
def test_a_form_of_momentum_without_what_it_needs_is_refused(fields, refused):
    with pytest.raises(Refusal) as refusal:
        Momentum(**fields)
    assert (refusal.value.field, refusal.value.code) == refused
