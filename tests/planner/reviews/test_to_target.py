"""What a review hands to projections: stages of a training, and steps at each batch size."""

from dataclasses import replace

import pytest

from planner.devices.fabric import Fabric, Interconnect
from planner.economics.assumptions import Production
from planner.reviews.review import make_review
from planner.reviews.selection import Selection
from tests.support.installation import schedule_data
from tests.support.known_pilot import (
    LARGE,
    SAMPLES,
    STEPS_AT_22,
    STEPS_AT_154,
    TODAY,
    known_pilot,
    records_of,
    review_input,
)

NETWORK = Fabric(bus_bytes_per_s=1e9, latency_s=1e-4)


def a_review(at_epoch, *, schedules=(TODAY, LARGE), change=lambda given: given, **pilot_changes):
    pilot = known_pilot(schedules=list(schedules), **pilot_changes)
    records = [
        record
        for name, epochs in at_epoch.items()
        for record in records_of(pilot, name, [epochs] * len(pilot.seeds.confirmation))
    ]
    return make_review(change(review_input(pilot, records)))


def stages(review, name):
    (found,) = [one for one in review.schedules if one.schedule == name]
    return [(stage.batch_size, stage.samples) for stage in found.stages_to_target]


def test_the_stages_of_a_training_end_where_the_target_was_reached():
    review = a_review({"today": 10.0, "large": 8.0})
    assert stages(review, "today") == [(22, pytest.approx(10 * SAMPLES))]
    assert stages(review, "large") == [(154, pytest.approx(8 * SAMPLES))]


def test_a_schedule_that_missed_the_target_has_none():
    assert stages(a_review({"today": 10.0, "large": None}), "large") == []


def on_production(given):
    """8 devices at 44 samples each, of the speed that the pilot was measured at."""
    production = Production(training_h=100, device_count=8, batch_size=352)
    hardware = replace(given.hardware, device_count=8, throughput=given.throughput)
    return replace(given, production=production, hardware=hardware)


def test_with_a_production_block_they_are_scaled_to_its_hours():
    review = a_review({"today": 10.0, "large": 8.0}, change=on_production)
    step_s = 1e-3 + 44 / 1e5
    samples = 100 * 3600 / step_s * 352
    assert stages(review, "today") == [(352, pytest.approx(samples))]
    assert stages(review, "large") == [(352 * 7, pytest.approx(0.8 * samples))]


def unmeasured(half):
    def change(given):
        given = on_production(given)
        production = replace(given.production, half_saturation_batch_size_per_device=half)
        hardware = replace(given.hardware, throughput=None)
        return replace(given, production=production, hardware=hardware)

    return change


def test_a_measured_speed_comes_before_the_half_saturation_batch_that_was_stated():
    """What is projected with the measured curve takes today's hours, whatever was stated."""

    def stated(given):
        given = on_production(given)
        production = replace(given.production, half_saturation_batch_size_per_device=400.0)
        return replace(given, production=production)

    review = a_review({"today": 10.0, "large": 8.0}, change=stated)
    step_s = 1e-3 + 44 / 1e5
    assert stages(review, "today") == [(352, pytest.approx(100 * 3600 / step_s * 352))]


def test_messages_between_devices_that_nobody_measured_leave_a_reason_and_no_number():
    def connected(given):
        given = unmeasured(64.0)(given)
        interconnect = Interconnect(fabric=NETWORK, payload_bytes=1e6)
        return replace(given, hardware=replace(given.hardware, interconnect=interconnect))

    review = a_review({"today": 10.0, "large": 8.0}, change=connected)
    assert review.unavailable == "throughput_unknown"
    assert (stages(review, "today"), review.speed_points) == ([], ())


def test_without_the_productions_speed_there_are_none():
    review = a_review({"today": 10.0, "large": 8.0}, change=unmeasured(None))
    assert stages(review, "today") == []
    assert review.speed_points == ()


def test_from_a_half_saturation_batch_they_take_todays_hours_on_a_device_of_one_sample_a_second():
    review = a_review({"today": 10.0, "large": 8.0}, change=unmeasured(64.0))
    one, largest = review.speed_points
    assert (one.batch_size, one.step_time_s) == (1, 64 + 1)
    assert (largest.batch_size, largest.step_time_s) == (352, 64 + 352)
    step_s = 64 + 44  # eight devices at 44 samples each
    assert stages(review, "today") == [(352, pytest.approx(100 * 3600 / step_s * 352))]


def test_a_connection_makes_the_candidate_that_takes_fewer_steps_cheaper():
    def connected(given):
        given = on_production(given)
        interconnect = Interconnect(fabric=NETWORK, payload_bytes=1e6)
        return replace(given, hardware=replace(given.hardware, interconnect=interconnect))

    def ratio(review):
        return next(one.case.time_ratio for one in review.schedules if one.case is not None)

    at_epoch = {"today": 10.0, "large": 8.0}
    assert ratio(a_review(at_epoch, change=connected)) < ratio(
        a_review(at_epoch, change=on_production)
    )


def test_two_batch_sizes_give_no_trade_off():
    found = a_review({"today": 10.0, "large": 8.0}).batch_trade_off
    assert (found.fit, found.not_offered) == (None, "too_few_batch_sizes")
    assert [trial.steps_to_target for trial in found.trials] == pytest.approx(
        [10 * STEPS_AT_22, 8 * STEPS_AT_154]
    )


MIDDLE = schedule_data("middle", batch_size={"initial": 77})


def a_tuned_review(selected):
    pilot = known_pilot(
        schedules=[TODAY, MIDDLE, LARGE],
        seeds={"confirmation": [11, 12, 13], "selection": [1, 2]},
        rate_multipliers=[0.5, 1, 2],
    )
    epochs = {"today": 8.0, "middle": 10.0, "large": 14.0}
    records = [
        record
        for name, at_epoch in epochs.items()
        for record in records_of(pilot, name, [at_epoch] * 3, rate_multiplier=selected)
    ]
    frozen = Selection(
        selected=dict.fromkeys(epochs, selected), finalists=("middle", "large"), at_edge=()
    )
    return make_review(review_input(pilot, records, selection=frozen))


def test_three_tuned_batch_sizes_give_the_trade_off_of_steps_against_samples():
    fit = a_tuned_review(1.0).batch_trade_off.fit
    assert fit is not None
    # 392, 140 and 98 steps at batches 22, 77 and 154.
    assert fit.steps(22) == pytest.approx(8 * STEPS_AT_22, rel=0.1)
    assert fit.steps(154) == pytest.approx(14 * STEPS_AT_154, rel=0.1)
    assert fit.samples(154) > fit.samples(22)


def test_a_rate_at_the_edge_of_the_sweep_was_not_chosen():
    assert a_tuned_review(2.0).batch_trade_off.not_offered == "rate_not_retuned"
