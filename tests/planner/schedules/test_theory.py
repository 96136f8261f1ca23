import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule, plan_steps
from planner.schedules.theory import (
    TheoryTerms,
    family,
    lyapunov_weight,
    stage_limits,
    theory_terms,
)

CONSTANT_128 = BatchSize(initial=128)
DOUBLING_FROM_8 = BatchSize(initial=8, growth=2, every_epochs=30)
GROWTH = RateGrowth(maximum=1.0, every_epochs=30)
WARM_UP = RateWarmUp(maximum=1.0, epochs=30, every_epochs=3)


def terms(batch: BatchSize, *, multiplier: float = 1.0, epochs: int = 300, **rate) -> TheoryTerms:
    schedule = Schedule(name="s", learning_rate=LearningRate(initial=0.1, **rate), batch_size=batch)
    table = plan_steps(schedule, training_samples=50_000, epochs=epochs, rate_multiplier=multiplier)
    return theory_terms(table, form="normalised")


@pytest.mark.parametrize(
    ("batch", "rate", "bias", "variance"),
    [
        (CONSTANT_128, {}, 8.52514919e-5, 7.8125e-4),
        (DOUBLING_FROM_8, {}, 2.66837443e-5, 8.33893653e-3),
        (DOUBLING_FROM_8, {"growth": GROWTH}, 1.91102363e-5, 7.68293585e-3),
        (DOUBLING_FROM_8, {"warm_up": WARM_UP}, 3.78945254e-6, 5.16511761e-2),
    ],
)
def test_the_papers_settings_have_the_published_terms(batch, rate, bias, variance):
    result = terms(batch, **rate)
    assert result.bias == pytest.approx(bias, rel=1e-8)
    assert result.variance == pytest.approx(variance, rel=1e-8)


@settings(max_examples=20)
@given(st.floats(0.1, 10), st.integers(1, 5))
def test_a_rate_multiplier_divides_the_bias_and_multiplies_the_variance(multiplier, epochs):
    plain = terms(CONSTANT_128, epochs=epochs, decay="cosine")
    scaled = terms(CONSTANT_128, epochs=epochs, decay="cosine", multiplier=multiplier)
    assert scaled.bias == pytest.approx(plain.bias / multiplier)
    assert scaled.variance == pytest.approx(plain.variance * multiplier)


def a_plan(rate: LearningRate, batch: BatchSize, *, momentum: float = 0.9, epochs: int = 300):
    schedule = Schedule(
        name="s", learning_rate=rate, batch_size=batch, momentum=Momentum(value=momentum)
    )
    return schedule, plan_steps(schedule, training_samples=50_000, epochs=epochs)


@pytest.mark.parametrize(
    ("batch", "rate", "expected"),
    [
        (CONSTANT_128, {}, "constant_batch_constant_rate"),
        (CONSTANT_128, {"decay": "cosine"}, "constant_batch_decaying_rate"),
        (CONSTANT_128, {"growth": GROWTH}, "constant_batch_growing_rate"),
        (CONSTANT_128, {"warm_up": WARM_UP}, "other"),
        (DOUBLING_FROM_8, {}, "growing_batch_constant_rate"),
        (DOUBLING_FROM_8, {"decay": "linear"}, "growing_batch_decaying_rate"),
        (DOUBLING_FROM_8, {"growth": GROWTH}, "growing_batch_growing_rate"),
        (DOUBLING_FROM_8, {"warm_up": WARM_UP}, "growing_batch_warmed_up_rate"),
        (DOUBLING_FROM_8, {"warm_up": WARM_UP, "decay": "cosine"}, "growing_batch_warmed_up_rate"),
        (BatchSize(thresholds="0:64 10ep:32"), {}, "other"),
    ],
)
def test_a_schedule_is_in_the_family_of_what_its_batch_and_rate_do(batch, rate, expected):
    assert family(*a_plan(LearningRate(initial=0.1, **rate), batch)) == expected


def test_a_constant_rate_at_beta_nine_tenths_is_covered_while_l_eta_is_below_0_079():
    # r = 1: c = 0.9 / (2 x 0.1) = 4.5, L eta <= sqrt(0.1 / (4 x 4.5 x 0.9)) = 0.0786.
    _, table = a_plan(LearningRate(initial=0.1), CONSTANT_128, epochs=1)
    (limit,) = stage_limits(table, form="normalised")
    assert limit.growth_ratio == 1
    assert 0.1 * limit.largest_smoothness == pytest.approx(0.07856742)
    # The same rate in PyTorch's form is ten times the effective rate.
    (pytorch,) = stage_limits(table, form="heavy_ball")
    assert 10 * pytorch.largest_smoothness == pytest.approx(limit.largest_smoothness)


def test_the_weight_of_the_momentums_error_is_that_computed_elsewhere():
    assert lyapunov_weight(0.9, growth_ratio=1.0) == pytest.approx(4.5)
    assert lyapunov_weight(0.9, growth_ratio=2 ** (1 / 20)) == pytest.approx(6.59228918)


def test_without_momentum_only_l_eta_below_a_half_is_asked_for():
    _, table = a_plan(LearningRate(initial=0.1), CONSTANT_128, momentum=0.0, epochs=1)
    (limit,) = stage_limits(table, form="normalised")
    assert limit.largest_smoothness == pytest.approx(5.0)


def test_a_stage_that_begins_with_a_jump_of_a_ninth_or_more_is_not_covered_at_beta_nine_tenths():
    # 0.9 x r >= 1 from r = 1.111 on; tenfold in 9 jumps is 1.2915 a jump, twofold 1.0801.
    steep = LearningRate(initial=0.1, growth=GROWTH)
    gentle = LearningRate(initial=0.1, growth=RateGrowth(maximum=0.2, every_epochs=30))
    first, *later = stage_limits(a_plan(steep, DOUBLING_FROM_8)[1], form="normalised")
    assert first.largest_smoothness is not None
    assert [limit.largest_smoothness for limit in later] == [None] * 9
    assert later[0].growth_ratio == pytest.approx(1.29154967)
    covered = stage_limits(a_plan(gentle, DOUBLING_FROM_8)[1], form="normalised")
    assert all(limit.largest_smoothness is not None for limit in covered)
    assert covered[1].growth_ratio == pytest.approx(1.08005974)
