"""The transfer at four times the pilot's share of the noise scale, worked out by hand.

Today trains at batch 22, the candidate grows to 154, seven times that, after four of its ten
epochs. In production a device is half as fast as it can be at today's 22 samples: a sample costs
1/4 at today's batch and 1/7 at seven times that.
"""

from dataclasses import replace

import pytest

from planner.economics.assumptions import Production
from planner.measurements.gradient_noise import NoiseReading
from planner.reviews.review import make_review
from tests.support.known_pilot import (
    GROWING,
    TODAY,
    known_pilot,
    records_of,
    review_input,
    this_computer,
)

PILOT = known_pilot(schedules=[TODAY, GROWING])
PRODUCTION = Production(
    training_h=100.0,
    device_count=8,
    batch_size=8 * 22,
    half_saturation_batch_size_per_device=22.0,
)
NOISE_SCALE = 220.0
"""Today's batch is a tenth of it."""


def reviewed(*noises: NoiseReading | None, **changes: object):
    """The readings are of today's runs, in the order of their seeds."""
    today = tuple(
        replace(record, noise=noise)
        for record, noise in zip(records_of(PILOT, "today", [10.0] * 5), noises, strict=True)
    )
    given = review_input(
        PILOT,
        (*today, *records_of(PILOT, "growing", [10.0] * 5)),
        production=PRODUCTION,
        hardware=this_computer(2.0, device_count=8),
    )
    return make_review(replace(given, **changes))


def reading(scale: float = NOISE_SCALE, *, square: float = 2.0) -> NoiseReading:
    return NoiseReading(noise=scale * square, gradient_square=square)


def test_a_larger_share_of_the_noise_scale_makes_larger_batches_need_more_samples():
    review = reviewed(*[reading()] * 5)
    (found,) = review.noise_scenarios
    assert found.schedule == "growing"
    assert (found.pilot_share_ratio, found.production_share_ratio) == pytest.approx((0.1, 0.4))
    factor = ((1 + 7 * 0.4) / (1 + 0.4)) / ((1 + 7 * 0.1) / (1 + 0.1))
    ratio = (4 * (1 / 4) + 6 * factor * (1 / 7)) / (10 * (1 / 4))
    assert found.time_ratio == pytest.approx(ratio)
    assert found.training.training_h == pytest.approx(100 * ratio)
    assert found.training.cost.amount == pytest.approx(100 * ratio * 8 * 2.0)


def test_everything_else_of_the_case_stays_at_its_own_value():
    review = reviewed(*[reading()] * 5)
    (found,) = review.noise_scenarios
    (growing,) = [one for one in review.schedules if one.schedule == "growing"]
    saved_h = growing.case.training.training_h - found.training.training_h
    flows = growing.case.flows.amounts
    trainings = PILOT.assumptions.trainings_per_month
    lost = [0.0, *[trainings * saved_h * 8 * 2.0] * (len(flows) - 1)]
    discount = (1 + PILOT.assumptions.discount_rate_per_year) ** (-1 / 12)
    npv = sum((f + less) * discount**k for k, (f, less) in enumerate(zip(flows, lost, strict=True)))
    assert found.npv.amount == pytest.approx(npv)


def test_runs_are_pooled_by_what_they_read_and_runs_without_readings_are_left_out():
    """Noise 2 and 6, squares 1 and 1: a scale of 8 / 2."""
    one = NoiseReading(noise=2.0, gradient_square=1.0)
    other = NoiseReading(noise=6.0, gradient_square=1.0)
    (found,) = reviewed(one, other, None, None, None).noise_scenarios
    assert found.pilot_share_ratio == pytest.approx(22 / 4)


@pytest.mark.parametrize(
    "noises",
    [
        [None] * 5,
        [NoiseReading(noise=4.0, gradient_square=-1.0)] * 5,
        [NoiseReading(noise=-1.0, gradient_square=1.0)] * 5,
    ],
    ids=["not measured", "gradient not resolved", "noise not resolved"],
)
def test_without_a_resolved_noise_scale_there_is_no_scenario(noises):
    assert reviewed(*noises).noise_scenarios == ()


def test_a_pilot_that_is_the_training_itself_carries_nothing_over():
    review = reviewed(*[reading()] * 5, production=None, hardware=this_computer(2.0))
    assert review.noise_scenarios == ()


def test_the_scenario_changes_nothing_else_in_the_review():
    with_it, without = reviewed(*[reading()] * 5), reviewed(*[None] * 5)
    assert replace(with_it, noise_scenarios=()) == without
