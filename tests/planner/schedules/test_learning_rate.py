import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.learning_rate import Cooldown, LearningRate, RateGrowth, RateWarmUp
from planner.schedules.rate_curve import rate_curve

EPOCHS = 6
STEPS_PER_EPOCH = 4
EPOCH = np.repeat(np.arange(EPOCHS), STEPS_PER_EPOCH)
STEP = np.arange(len(EPOCH))
T = len(EPOCH)

decays = st.sampled_from(
    ["constant", "diminishing", "linear", "polynomial", "cosine", "cosine_by_step"]
)


def curve(**fields) -> np.ndarray:
    return rate_curve(LearningRate(**fields), epoch=EPOCH, epochs=EPOCHS)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, np.full(T, 0.1)),
        ({"decay": "diminishing"}, 0.1 / np.sqrt(STEP + 1)),
        ({"decay": "linear"}, 0.1 * (1 - STEP / T)),
        ({"decay": "polynomial"}, 0.1 * (1 - STEP / T) ** 2),
        ({"decay": "polynomial", "power": 0.5}, 0.1 * np.sqrt(1 - STEP / T)),
        ({"decay": "cosine"}, 0.1 * (1 + np.cos(np.pi * EPOCH / 6)) / 2),
        (
            {"decay": "cosine", "minimum": 0.02},
            0.02 + 0.08 * (1 + np.cos(np.pi * EPOCH / 6)) / 2,
        ),
        ({"decay": "linear", "minimum": 0.02}, 0.02 + 0.08 * (1 - STEP / T)),
        ({"decay": "polynomial", "minimum": 0.02}, 0.02 + 0.08 * (1 - STEP / T) ** 2),
        ({"decay": "cosine_by_step"}, 0.1 * (1 + np.cos(np.pi * STEP / T)) / 2),
        ({"decay": "exponential", "factor": 0.8}, 0.1 * 0.8**EPOCH),
        (
            {"decay": "step", "milestones_epochs": (2, 5), "factor": 0.5},
            np.repeat([0.1, 0.1, 0.05, 0.05, 0.05, 0.025], 4),
        ),
        (
            {"decay": "stages", "milestones_epochs": (1, 4), "rates": (0.3, 0.02)},
            np.repeat([0.1, 0.3, 0.3, 0.3, 0.02, 0.02], 4),
        ),
    ],
)
def test_each_decay_is_its_formula(fields, expected):
    np.testing.assert_allclose(curve(initial=0.1, **fields), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("shape", "left"),
    [
        ("linear", lambda done: 1 - done),
        ("square_root", lambda done: 1 - np.sqrt(done)),
        ("cosine", lambda done: (1 + np.cos(np.pi * done)) / 2),
    ],
)
def test_wsd_holds_the_peak_and_cools_down_in_its_last_steps(shape, left):
    # A quarter of 24 steps: the cooldown takes the last 6, of which the first is still the peak.
    rates = curve(
        initial=0.1,
        decay="wsd",
        minimum=0.02,
        cooldown=Cooldown(steps_fraction=0.25, shape=shape),
    )
    expected = [*np.full(18, 0.1), *(0.02 + 0.08 * left(np.arange(6) / 6))]
    np.testing.assert_allclose(rates, expected, rtol=1e-12)


def test_a_cooldown_counts_the_steps_after_the_warm_up():
    # 2 epochs of warm-up leave 16 steps; half of them, the last 8, cool down.
    rates = curve(
        initial=0.1,
        decay="wsd",
        cooldown=Cooldown(steps_fraction=0.5),
        warm_up=RateWarmUp(maximum=0.4, epochs=2),
    )
    expected = [*np.repeat([0.1, 0.4], 4), *np.full(8, 0.4), *(0.4 * (1 - np.arange(8) / 8))]
    np.testing.assert_allclose(rates, expected, rtol=1e-12)


def test_a_linear_warm_up_rises_with_every_step_and_meets_the_decay_at_its_maximum():
    # 2 of 6 epochs are 8 steps: 0.1 + 0.3 t/8, then the cosine of the other 4 epochs from 0.4.
    rates = curve(
        initial=0.1, decay="cosine", warm_up=RateWarmUp(maximum=0.4, epochs=2, shape="linear")
    )
    np.testing.assert_allclose(rates[:8], 0.1 + 0.3 * np.arange(8) / 8, rtol=1e-12)
    after = 0.4 * (1 + np.cos(np.pi * np.repeat(np.arange(4), 4) / 4)) / 2
    np.testing.assert_allclose(rates[8:], after, rtol=1e-12)


def test_growth_jumps_by_gamma_and_ends_at_the_maximum():
    # 6 epochs in jumps of 2 are 3 stages: gamma = (0.4 / 0.1)^(1/2) = 2.
    rates = curve(initial=0.1, growth=RateGrowth(maximum=0.4, every_epochs=2))
    np.testing.assert_allclose(rates, np.repeat([0.1, 0.2, 0.4], 8), rtol=1e-12)


@pytest.mark.parametrize(
    ("maximum", "gamma"), [(0.2, 1.08005974), (0.5, 1.19581317), (1.0, 1.29154967)]
)
def test_ten_stages_grow_by_the_published_gamma(maximum, gamma):
    rate = LearningRate(initial=0.1, growth=RateGrowth(maximum=maximum, every_epochs=30))
    rates = rate_curve(rate, epoch=np.arange(300), epochs=300)
    np.testing.assert_allclose(rates[30::30] / rates[:-30:30], gamma, rtol=1e-8)


def test_growth_with_one_stage_is_constant():
    rates = curve(initial=0.1, growth=RateGrowth(maximum=0.4, every_epochs=6))
    np.testing.assert_array_equal(rates, np.full(T, 0.1))


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({}, np.full(16, 0.4)),
        ({"decay": "linear"}, 0.4 * (1 - np.arange(16) / 16)),
        ({"decay": "diminishing"}, 0.4 / np.sqrt(np.arange(16) + 1)),
        ({"decay": "cosine"}, 0.4 * (1 + np.cos(np.pi * np.repeat(range(4), 4) / 4)) / 2),
        (
            {"decay": "step", "milestones_epochs": (1,)},
            np.repeat([0.4, 0.04, 0.04, 0.04], 4),
        ),
    ],
)
def test_after_a_warm_up_the_decay_counts_from_its_own_start(fields, after):
    warm_up = RateWarmUp(maximum=0.4, epochs=2)
    expected = np.concatenate([np.repeat([0.1, 0.4], 4), after])
    np.testing.assert_allclose(curve(initial=0.1, warm_up=warm_up, **fields), expected, rtol=1e-12)


def test_a_warm_up_as_long_as_the_run_leaves_no_decay():
    warm_up = RateWarmUp(maximum=0.4, epochs=6, every_epochs=2)
    rates = curve(initial=0.1, decay="cosine", warm_up=warm_up)
    np.testing.assert_allclose(rates, np.repeat([0.1, 0.2, 0.4], 8), rtol=1e-12)


@settings(max_examples=60)
@given(decays, st.floats(1e-6, 10), st.integers(1, 20), st.integers(1, 9))
def test_a_decay_starts_at_its_peak_and_never_rises_or_reaches_below_zero(
    decay, initial, epochs, steps
):
    epoch = np.repeat(np.arange(epochs), steps)
    rates = rate_curve(LearningRate(initial=initial, decay=decay), epoch=epoch, epochs=epochs)
    assert rates[0] == pytest.approx(initial)
    assert (np.diff(rates) <= 1e-12 * initial).all()
    assert (rates > 0).all()


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"initial": math.nan}, "initial", "not_finite"),
        ({"initial": 0.0}, "initial", "not_positive"),
        ({"decay": "sudden"}, "decay", "choice_unknown"),
        ({"decay": "cosine", "minimum": 0.2}, "minimum", "out_of_range"),
        ({"decay": "cosine", "minimum": math.nan}, "minimum", "out_of_range"),
        ({"decay": "exponential", "minimum": 0.01}, "minimum", "rate_minimum_needs_decay"),
        ({"decay": "wsd"}, "cooldown", "cooldown_missing"),
        ({"decay": "cosine", "cooldown": Cooldown()}, "cooldown", "cooldown_needs_wsd"),
        ({"power": math.nan}, "power", "not_finite"),
        ({"factor": 1.0}, "factor", "rate_factor_out_of_range"),
        ({"decay": "step"}, "milestones_epochs", "milestones_missing"),
        ({"decay": "stages"}, "milestones_epochs", "milestones_missing"),
        ({"decay": "stages", "milestones_epochs": (3,)}, "rates", "rates_need_milestones"),
        ({"rates": (0.1,)}, "rates", "rates_need_milestones"),
        (
            {"decay": "stages", "milestones_epochs": (3,), "rates": (0.0,)},
            "rates[0]",
            "not_positive",
        ),
        ({"milestones_epochs": (3,)}, "milestones_epochs", "milestones_need_step_decay"),
        (
            {"decay": "step", "milestones_epochs": (3, 3)},
            "milestones_epochs",
            "milestones_not_rising",
        ),
        (
            {"decay": "cosine", "growth": RateGrowth(maximum=1, every_epochs=1)},
            "decay",
            "rate_growth_excludes_decay",
        ),
        (
            {
                "growth": RateGrowth(maximum=1, every_epochs=1),
                "warm_up": RateWarmUp(maximum=1, epochs=1),
            },
            "warm_up",
            "rate_growth_excludes_warm_up",
        ),
        (
            {"growth": RateGrowth(maximum=0.01, every_epochs=1)},
            "growth.maximum",
            "rate_maximum_below_initial",
        ),
        (
            {"warm_up": RateWarmUp(maximum=0.01, epochs=1)},
            "warm_up.maximum",
            "rate_maximum_below_initial",
        ),
    ],
)
def test_a_curve_that_means_nothing_is_refused_at_its_field(fields, field, code):
    with pytest.raises(Refusal) as refusal:
        LearningRate(**{"initial": 0.1, **fields})
    assert (refusal.value.field, refusal.value.code) == (field, code)


@pytest.mark.parametrize(
    ("build", "fields", "field"),
    [
        (RateGrowth, {"maximum": math.nan, "every_epochs": 1}, "maximum"),
        (RateGrowth, {"maximum": 1.0, "every_epochs": 0}, "every_epochs"),
        (RateWarmUp, {"maximum": -1.0, "epochs": 1}, "maximum"),
        (RateWarmUp, {"maximum": 1.0, "epochs": 0}, "epochs"),
        (RateWarmUp, {"maximum": 1.0, "epochs": 1, "every_epochs": 0}, "every_epochs"),
    ],
)
def test_a_growth_without_size_or_pace_is_refused(build, fields, field):
    with pytest.raises(Refusal) as refusal:
        build(**fields)
    assert refusal.value.field == field
