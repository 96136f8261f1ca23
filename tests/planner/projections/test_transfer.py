import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.fabric import Fabric, Interconnect
from planner.devices.throughput import ThroughputFit
from planner.economics.assumptions import Production
from planner.projections.transfer import (
    NoiseShare,
    StageSamples,
    StageShare,
    baseline_batch_size,
    candidate_training_h,
    production_equivalent_s,
    stage_shares,
    stages_to_target,
    transferred_time_ratio,
)
from planner.refusal import Refusal
from planner.schedules.schedule import Stage

GROWING = tuple(
    StageShare(batch_ratio=rho, sample_fraction=phi)
    for rho, phi in [(1, 0.30), (2, 0.25), (4, 0.25), (8, 0.15)]
)
share_lists = st.lists(
    st.builds(StageShare, batch_ratio=st.floats(0.1, 100), sample_fraction=st.floats(0.01, 2)),
    min_size=1,
    max_size=6,
)


def a_production(**changes) -> Production:
    fields = {
        "training_h": 100.0,
        "device_count": 8,
        "batch_size": 256,
        "half_saturation_batch_size_per_device": 200 / 8,
    }
    return Production(**{**fields, **changes})


def seen(batch_size: float, samples: float) -> StageSamples:
    return StageSamples(batch_size=batch_size, samples=samples)


def test_a_growing_batch_shortens_a_hundred_hours_to_seventy_five():
    def group_ms(batch_size: float) -> float:
        return 20 + batch_size / 10

    expected = 100 * sum(
        share.sample_fraction * group_ms(256 * share.batch_ratio) / (256 * share.batch_ratio)
        for share in GROWING
    )
    expected /= group_ms(256) / 256
    ratio = transferred_time_ratio(GROWING, production=a_production())
    assert candidate_training_h(a_production(), ratio) == pytest.approx(expected)
    assert expected == pytest.approx(75.5372807, abs=5e-8)


def test_on_saturated_devices_only_samples_count():
    saturated = a_production(half_saturation_batch_size_per_device=0.0)
    assert transferred_time_ratio(GROWING, production=saturated) == pytest.approx(0.95)


def test_on_latency_bound_devices_only_steps_count():
    idle = a_production(half_saturation_batch_size_per_device=1e12)
    steps = 0.30 / 1 + 0.25 / 2 + 0.25 / 4 + 0.15 / 8
    assert transferred_time_ratio(GROWING, production=idle) == pytest.approx(steps)
    assert steps == pytest.approx(0.50625)


@given(st.floats(0, 1e6), st.floats(0, 0.9), st.integers(1, 64), st.integers(64, 10_000))
def test_todays_schedule_transfers_to_exactly_todays_time(half, overhead, devices, batch):
    production = a_production(
        half_saturation_batch_size_per_device=half,
        overhead_fraction=overhead,
        device_count=devices,
        batch_size=batch,
    )
    today = (StageShare(batch_ratio=1.0, sample_fraction=1.0),)
    ratio = transferred_time_ratio(today, production=production)
    assert candidate_training_h(production, ratio) == pytest.approx(100.0)


@given(share_lists, st.floats(0, 1e6))
def test_the_time_ratio_lies_between_its_two_limits(shares, half):
    by_samples = sum(share.sample_fraction for share in shares)
    by_steps = sum(share.sample_fraction / share.batch_ratio for share in shares)
    production = a_production(half_saturation_batch_size_per_device=half)
    ratio = transferred_time_ratio(shares, production=production)
    low, high = sorted((by_samples, by_steps))
    assert low * (1 - 1e-9) <= ratio <= high * (1 + 1e-9)


def test_overhead_stays_as_it_is():
    production = a_production(overhead_fraction=0.2)
    assert candidate_training_h(production, 0.5) == pytest.approx(100 * (0.8 * 0.5 + 0.2))


def test_batches_above_the_device_maximum_bring_no_further_gain():
    production = a_production(maximum_batch_size_per_device=64)

    def ratio_at(batch_ratio: float) -> float:
        share = StageShare(batch_ratio=batch_ratio, sample_fraction=1.0)
        return transferred_time_ratio((share,), production=production)

    assert ratio_at(2) == pytest.approx(((25 + 64) / 64) / ((25 + 32) / 32))
    assert ratio_at(8) == pytest.approx(ratio_at(2))
    assert ratio_at(3) > ratio_at(2)


def test_paired_arms_of_a_constant_baseline_give_the_same_ratio_as_stage_shares():
    baseline = (seen(32, 50_000),)
    candidate = (seen(32, 15_000), seen(64, 12_500), seen(128, 12_500), seen(256, 7_500))
    b0 = baseline_batch_size(baseline)
    arms = [
        production_equivalent_s(arm, baseline_batch=b0, production=a_production())
        for arm in (candidate, baseline)
    ]
    by_shares = transferred_time_ratio(stage_shares(candidate, baseline), production=a_production())
    assert arms[0] / arms[1] == pytest.approx(by_shares)
    assert by_shares == pytest.approx(0.755372807)


def test_the_baselines_batch_is_the_mean_that_keeps_its_steps():
    stages = (seen(8, 800), seen(32, 3200))
    assert baseline_batch_size(stages) == pytest.approx(4000 / (800 / 8 + 3200 / 32))


def test_stages_end_where_the_run_reached_its_target():
    stages = (
        Stage(first_step=0, steps=100, batch_size=8, samples=800, first_epoch=0),
        Stage(first_step=100, steps=50, batch_size=16, samples=790, first_epoch=1),
        Stage(first_step=150, steps=50, batch_size=32, samples=1600, first_epoch=2),
    )
    assert stages_to_target(stages, 125.5) == (seen(8, 800), seen(16, 790 * 25.5 / 50))
    assert stages_to_target(stages, 100) == (seen(8, 800),)
    assert stages_to_target(stages, 200)[-1] == seen(32, 1600)


def test_a_measured_device_speaks_where_production_states_no_speed():
    fit = ThroughputFit(overhead_s=0.02, samples_per_s=1250.0, residual_fraction=0.0)
    unstated = a_production(half_saturation_batch_size_per_device=None)
    ratio = transferred_time_ratio(GROWING, production=unstated, fit=fit)
    assert ratio == pytest.approx(0.755372807)
    seconds = production_equivalent_s(
        (seen(256, 1000),), baseline_batch=256, production=unstated, fit=fit
    )
    assert seconds == pytest.approx(1000 * (0.02 + 32 / 1250) / 256)


def test_a_production_of_unknown_speed_asks_for_it():
    unstated = a_production(half_saturation_batch_size_per_device=None)
    with pytest.raises(Refusal) as refusal:
        transferred_time_ratio(GROWING, production=unstated)
    assert refusal.value.code == "device_speed_unknown"


def test_a_batch_nearer_to_the_noise_scale_needs_more_samples_in_production():
    share = NoiseShare(pilot=0.1, production=0.4)
    assert share.sample_factor(1.0) == pytest.approx(1.0)
    assert share.sample_factor(8.0) == pytest.approx(((1 + 3.2) / 1.4) / ((1 + 0.8) / 1.1))
    ratio = transferred_time_ratio(
        (StageShare(batch_ratio=8.0, sample_fraction=1.0),),
        production=a_production(half_saturation_batch_size_per_device=0.0),
        noise_share=share,
    )
    assert ratio == pytest.approx(share.sample_factor(8.0))


FIT = ThroughputFit(overhead_s=0.002, samples_per_s=1e4, residual_fraction=0.0)
OVER_ETHERNET = Interconnect(
    fabric=Fabric(bus_bytes_per_s=1e9, latency_s=0.0), payload_bytes=8e6, overlap_fraction=0.0
)


def test_over_a_fabric_every_step_pays_for_its_message():
    production = a_production(half_saturation_batch_size_per_device=None)
    share = StageShare(batch_ratio=4, sample_fraction=1.0)
    ratio = transferred_time_ratio(
        (share,), production=production, fit=FIT, interconnect=OVER_ETHERNET
    )
    message_s = 2 * 7 / 8 * 8e6 / 1e9
    today = (0.002 + 32 / 1e4 + message_s) / 256
    grown = (0.002 + 128 / 1e4 + message_s) / 1024
    assert ratio == pytest.approx(grown / today)


def test_a_slow_fabric_makes_larger_batches_worth_more():
    production = a_production(half_saturation_batch_size_per_device=None)
    share = (StageShare(batch_ratio=4, sample_fraction=1.0),)
    alone = transferred_time_ratio(share, production=production, fit=FIT)
    connected = transferred_time_ratio(
        share, production=production, fit=FIT, interconnect=OVER_ETHERNET
    )
    assert connected < alone


def test_a_message_needs_measured_seconds_to_be_set_against():
    with pytest.raises(Refusal) as refusal:
        transferred_time_ratio(GROWING, production=a_production(), interconnect=OVER_ETHERNET)
    assert refusal.value.code == "interconnect_needs_throughput"
