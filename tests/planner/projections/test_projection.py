import statistics
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.devices.fabric import Fabric, Interconnect, all_reduce_s
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.projections.device_speed import (
    StepModel,
    TypedPoint,
    measured_speed,
    two_point_model,
    typed_speed,
    with_evaluations_like,
)
from planner.projections.projection import project_devices, projected_step_s
from planner.refusal import Refusal

IMAGENET_SAMPLES = 1_281_167
# MLPerf Training v3.0, ResNet-50 on H100: devices, global batch, epochs, minutes to target.
MLPERF = {
    8: (3_200, 35, 13.59),
    64: (3_200, 35, 2.663),
    512: (20_480, 50, 0.498),
    768: (32_256, 56, 0.369),
    3_584: (57_344, 77, 0.183),
}
NVLINK = Fabric(bus_bytes_per_s=100e9, latency_s=5e-6)
OVER_NVLINK = Interconnect(fabric=NVLINK, payload_bytes=45e6)
A_MODEL = StepModel(micro_batch_overhead_s=0.002, sample_s=0.00001, optimiser_s=0.0005)


def steps_to_target(devices: int) -> float:
    batch, epochs, _ = MLPERF[devices]
    return epochs * IMAGENET_SAMPLES / batch


def measured_point(devices: int) -> tuple[float, float]:
    batch, _, minutes = MLPERF[devices]
    return batch / devices, minutes * 60 / steps_to_target(devices)


def predicted_error(devices: int) -> float:
    """Relative error of the time predicted from the rows of 8 and 64 devices."""
    model = two_point_model(smaller=measured_point(64), larger=measured_point(8))
    batch, _, minutes = MLPERF[devices]
    step_s = projected_step_s(model, batch_size=batch, device_count=devices)
    return step_s * steps_to_target(devices) / (minutes * 60) - 1


def naive_error(devices: int) -> float:
    """The same if every device kept the throughput it has in the row of 8."""
    per_device, step_s = measured_point(8)
    batch, _, minutes = MLPERF[devices]
    return step_s * batch / (per_device * devices) * steps_to_target(devices) / (minutes * 60) - 1


def test_an_evaluation_on_a_typed_device_takes_as_much_longer_as_its_samples():
    """0.02 ms a sample against 0.01 ms: twice an evaluation of 5 s."""
    points = tuple(
        TypedPoint(batch_size=size, step_time_s=0.001 + 0.00002 * size) for size in (64, 512)
    )
    typed = typed_speed(points, device="typed").curve
    assert typed.evaluation_s == 0
    known = replace(a_curve(), evaluation_s=5.0)
    assert with_evaluations_like(typed, known).evaluation_s == pytest.approx(10.0)


def a_curve() -> ThroughputCurve:
    """Exactly 2 ms + 0.01 ms a sample."""
    points = tuple(
        ThroughputPoint(
            batch_size=size, step_time_s=0.002 + 0.00001 * size, spread_fraction=0, steps=20
        )
        for size in (64, 128, 256, 512)
    )
    return ThroughputCurve(
        workload="w",
        device="d",
        dtype="float32",
        versions="torch 2.13.0",
        points=points,
        evaluation_s=0,
    )


def test_a_step_hides_communication_only_behind_the_last_backward_pass():
    slow = Fabric(bus_bytes_per_s=10e9, latency_s=5e-6)
    seconds = projected_step_s(
        A_MODEL,
        batch_size=8192,
        device_count=8,
        micro_batches=4,
        communication_s=all_reduce_s(slow, payload_bytes=45e6, device_count=8),
        overlap_fraction=0.7,
    )
    micro_ms = 2 + 0.01 * 256
    expected_ms = 0.5 + 4 * micro_ms + (0.07 + 7.875) - 0.7 * 2 / 3 * micro_ms
    assert seconds * 1000 == pytest.approx(expected_ms)
    assert seconds * 1000 == pytest.approx(24.557)


def test_two_rows_of_mlperf_give_the_published_model():
    model = two_point_model(smaller=measured_point(64), larger=measured_point(8))
    assert model.micro_batch_overhead_s * 1000 == pytest.approx(4.72, abs=0.005)
    assert model.sample_s * 1000 == pytest.approx(0.1337, abs=0.00005)


@pytest.mark.parametrize(("devices", "error"), [(512, 0.054), (768, 0.038), (3_584, 0.074)])
def test_two_rows_of_mlperf_predict_the_others_within_the_published_errors(devices, error):
    assert predicted_error(devices) == pytest.approx(error, abs=0.0005)


def test_the_model_errs_less_than_a_third_of_the_naive_projection():
    others = (512, 768, 3_584)
    ours = statistics.median(abs(predicted_error(devices)) for devices in others)
    naive = statistics.median(abs(naive_error(devices)) for devices in others)
    assert ours <= 0.10
    assert ours <= naive / 3


def test_a_curve_is_carried_to_more_devices():
    one, eight = project_devices(
        measured_speed(a_curve()),
        interconnect=OVER_NVLINK,
        batch_size=1024,
        device_counts=(1, 8),
        largest_micro_batch_size=512,
    )
    assert (one.micro_batches, one.micro_batch_size, one.communication_s) == (2, 512, 0)
    assert one.step_time_s == pytest.approx(2 * (0.002 + 0.00001 * 512))
    assert (eight.micro_batches, eight.micro_batch_size) == (1, 128)
    assert eight.step_time_s == pytest.approx(0.002 + 0.00001 * 128 + 857.5e-6)
    assert eight.samples_per_s == pytest.approx(1024 / eight.step_time_s)
    assert not eight.extrapolated


def test_a_share_below_the_measured_batches_is_extrapolated():
    (projection,) = project_devices(
        measured_speed(a_curve()),
        interconnect=OVER_NVLINK,
        batch_size=1024,
        device_counts=(64,),
        largest_micro_batch_size=512,
    )
    assert projection.micro_batch_size == 16
    assert projection.extrapolated
    assert projection.extrapolations == ("batch_not_measured", "few_samples_per_device")


def test_the_interval_is_a_tenth_and_twice_that_for_each_thing_beyond_what_was_measured():
    two, many = project_devices(
        measured_speed(a_curve()),
        interconnect=None,
        batch_size=1024,
        device_counts=(2, 64),
        largest_micro_batch_size=512,
    )
    assert two.step_time_high_s / two.step_time_s == pytest.approx(1.1)
    assert two.step_time_s / two.step_time_low_s == pytest.approx(1.1)
    assert many.step_time_high_s / many.step_time_s == pytest.approx(1 + 0.1 * 2 * 2)


def test_beyond_a_thousand_devices_the_interval_is_wider():
    projections = project_devices(
        measured_speed(a_curve()),
        interconnect=None,
        batch_size=2048 * 64,
        device_counts=(512, 2048),
        largest_micro_batch_size=512,
    )
    assert [one.extrapolations for one in projections] == [(), ("many_devices",)]
    assert projections[1].step_time_high_s / projections[1].step_time_s == pytest.approx(1.2)


def test_a_measured_batch_takes_its_median_not_the_fit():
    points = list(a_curve().points)
    points[1] = replace(points[1], step_time_s=0.0034)  # the fit says 3.28 ms
    curve = replace(a_curve(), points=tuple(points))
    (projection,) = project_devices(
        measured_speed(curve),
        interconnect=None,
        batch_size=128,
        device_counts=(1,),
        largest_micro_batch_size=512,
    )
    assert projection.step_time_s == 0.0034


@settings(max_examples=60)
@given(st.integers(1, 512), st.integers(512, 10**6), st.floats(0, 1), st.floats(0, 0.1))
def test_a_step_is_never_faster_than_its_computation(devices, batch, overlap, communication_s):
    alone = projected_step_s(A_MODEL, batch_size=batch, device_count=devices)
    together = projected_step_s(
        A_MODEL,
        batch_size=batch,
        device_count=devices,
        communication_s=communication_s,
        overlap_fraction=overlap,
    )
    assert alone <= together <= alone + communication_s + 1e-12


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"device_counts": ()}, "device_counts"),
        ({"device_counts": (0,)}, "device_counts"),
        ({"device_counts": (2048,)}, "device_counts"),
        ({"largest_micro_batch_size": 0}, "largest_micro_batch_size"),
    ],
)
def test_a_projection_without_sense_is_refused(changes, field):
    arguments = {
        "interconnect": OVER_NVLINK,
        "batch_size": 1024,
        "device_counts": (8,),
        "largest_micro_batch_size": 512,
    }
    with pytest.raises(Refusal) as refusal:
        project_devices(measured_speed(a_curve()), **{**arguments, **changes})
    assert refusal.value.field == field


def test_two_points_that_do_not_rise_are_refused():
    with pytest.raises(Refusal) as refusal:
        two_point_model(smaller=(64, 0.1), larger=(64, 0.2))
    assert refusal.value.field == "larger"


@settings(max_examples=60)
@given(
    st.floats(1e6, 1e12),
    st.floats(1, 100),
    st.floats(0, 1e10),
    st.integers(1, 512),
    st.floats(0, 1),
)
def test_a_faster_fabric_never_makes_a_step_longer(slow, factor, payload, devices, overlap):
    def step_s(bus_bytes_per_s: float) -> float:
        (found,) = project_devices(
            measured_speed(a_curve()),
            interconnect=Interconnect(
                fabric=Fabric(bus_bytes_per_s=bus_bytes_per_s, latency_s=5e-6),
                payload_bytes=payload,
                overlap_fraction=overlap,
            ),
            batch_size=4096,
            device_counts=(devices,),
            largest_micro_batch_size=512,
        )
        return found.step_time_s

    assert step_s(slow * factor) <= step_s(slow) * (1 + 1e-12)
