import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.projections.batch_trade_off import (
    BatchTrial,
    batch_trade_off,
    growth_batch_size,
    half_saturation_of_devices,
)


def trials(sizes=(64, 256, 1024), *, smallest=1000.0, critical=500.0, retuned=True):
    return [
        BatchTrial(
            name=f"b{size}",
            batch_size=size,
            steps_to_target=smallest * (1 + critical / size),
            retuned=retuned,
        )
        for size in sizes
    ]


def test_three_exact_batches_give_back_what_they_were_made_of():
    fit = batch_trade_off(trials()).fit
    assert fit.smallest_steps == pytest.approx(1000)
    assert fit.critical_batch_size == pytest.approx(500)
    assert fit.residual_fraction == pytest.approx(0, abs=1e-9)


def test_a_batch_of_256_takes_2953_steps_and_756000_samples():
    fit = batch_trade_off(trials()).fit
    assert fit.steps(256) == pytest.approx(1000 * (1 + 500 / 256))
    assert fit.steps(256) == pytest.approx(2953.125)
    assert fit.samples(256) == pytest.approx(1000 * 500 * (1 + 256 / 500))
    assert fit.samples(256) == pytest.approx(756_000)


def test_two_batches_say_nothing():
    found = batch_trade_off(trials((64, 256)))
    assert (found.fit, found.not_offered) == (None, "too_few_batch_sizes")
    assert len(found.trials) == 2


def test_one_rate_for_all_batches_says_nothing():
    assert batch_trade_off(trials(retuned=False)).not_offered == "rate_not_retuned"


def test_batches_that_all_take_as_many_samples_show_no_trade_off():
    linear = [
        BatchTrial(name=f"b{size}", batch_size=size, steps_to_target=1e6 / size, retuned=True)
        for size in (64, 128, 256)
    ]
    falling = [
        BatchTrial(name=f"b{size}", batch_size=size, steps_to_target=1e6 / size**1.2, retuned=True)
        for size in (64, 128, 256)
    ]
    assert batch_trade_off(falling).not_offered == "no_trade_off_seen"
    found = batch_trade_off(linear)
    assert found.fit is None or found.fit.critical_batch_size > 1e6


@given(st.floats(1, 1e6), st.floats(1, 1e5))
def test_at_the_critical_batch_steps_and_samples_are_twice_their_smallest(smallest, critical):
    fit = batch_trade_off(trials(smallest=smallest, critical=critical)).fit
    batch = fit.critical_batch_size
    assert fit.steps(batch) == pytest.approx(2 * fit.smallest_steps)
    assert fit.samples(batch) == pytest.approx(2 * fit.smallest_steps * batch)


def test_the_growth_rule_of_237_and_900_is_462():
    batch = growth_batch_size(half_saturation_batch_size=237, noise_batch_size=900)
    assert batch == pytest.approx((237 * 900) ** 0.5)
    assert batch == pytest.approx(461.844130)


def test_several_devices_saturate_at_a_larger_batch():
    half = half_saturation_of_devices(
        overhead_s=0.002, communication_s=0.001, device_count=8, samples_per_s=1e5
    )
    assert half == pytest.approx((0.002 + 0.001) * 8 * 1e5)
