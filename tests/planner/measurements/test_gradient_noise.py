import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.measurements.gradient_noise import NoiseReading, noise_scale, two_batches

MILLIONS = 10**9


def reading(noise, square):
    return NoiseReading(noise=noise, gradient_square=square)


def test_the_published_example_has_a_noise_scale_of_64():
    found = two_batches(small=16, small_square=5.0, large=64, large_square=2.0, samples=MILLIONS)
    assert found.gradient_square == pytest.approx((64 * 2 - 16 * 5) / (64 - 16))
    assert found.noise == pytest.approx((5 - 2) / (1 / 16 - 1 / 64))
    assert noise_scale([found]).samples == pytest.approx(64.0)


@given(
    noise=st.floats(0.01, 1e4),
    square=st.floats(0.01, 1e4),
    samples=st.integers(20, 5000),
    data=st.data(),
)
def test_expected_squares_of_any_two_batches_give_back_noise_and_gradient(
    noise, square, samples, data
):
    small = data.draw(st.integers(1, samples - 1))
    large = data.draw(st.integers(small + 1, samples))

    def expected(batch):
        return square + noise * (samples - batch) / (batch * (samples - 1))

    found = two_batches(
        small=small,
        small_square=expected(small),
        large=large,
        large_square=expected(large),
        samples=samples,
    )
    assert found.noise == pytest.approx(noise, rel=1e-6)
    assert found.gradient_square == pytest.approx(square, rel=1e-6, abs=1e-6 * noise)


@pytest.mark.parametrize(("small", "large"), [(8, 8), (8, 4), (0, 8), (8, 21)])
def test_two_batches_must_differ_and_fit_the_data(small, large):
    with pytest.raises(ValueError, match="tell no noise"):
        two_batches(small=small, small_square=1, large=large, large_square=1, samples=20)


def test_a_scale_is_the_quotient_of_means_and_not_the_mean_of_quotients():
    found = noise_scale([reading(10, 1.0), reading(30, 4.0)])
    assert found.samples == pytest.approx((10 + 30) / (1 + 4))
    assert (found.low, found.high) == (None, None)


@pytest.mark.parametrize("readings", [[(10, -0.5)], [(10, 1), (10, -2)], [(10, 0)], [(-1, 1)]])
def test_a_gradient_that_drowns_in_its_noise_is_not_resolved(readings):
    found = noise_scale([reading(*one) for one in readings])
    assert (found.samples, found.low, found.high) == (None, None, None)


def test_readings_that_agree_leave_no_doubt():
    found = noise_scale([reading(64, 1)] * 4)
    assert found.low == pytest.approx(64) == found.high


def test_an_interval_holds_the_true_ratio_nine_times_in_ten():
    chance = np.random.default_rng(7)
    held = 0
    for _ in range(1000):
        drawn = [
            reading(noise, square)
            for noise, square in zip(
                chance.normal(64, 8, 20), chance.normal(1, 0.3, 20), strict=True
            )
        ]
        found = noise_scale(drawn)
        held += found.low <= 64 <= found.high
    assert 0.85 < held / 1000 < 0.94


def test_an_interval_has_no_upper_end_where_the_gradient_may_be_zero():
    found = noise_scale([reading(60, 1.0), reading(64, -0.7), reading(68, 0.1)])
    assert found.samples == pytest.approx(64 / (0.4 / 3))
    assert found.low < found.samples
    assert found.high is None
