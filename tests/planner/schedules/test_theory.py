import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.schedule import Schedule, plan_steps
from planner.schedules.theory import TheoryTerms, theory_terms

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
