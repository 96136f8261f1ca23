from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.fabric import all_reduce_s
from planner.devices.scaling import (
    ScalingPoint,
    TimedExchange,
    curve_on,
    strong_efficiency_fraction,
    weak_efficiency_fraction,
)
from planner.devices.scaling_link import (
    bus_bytes_per_s,
    measured_interconnect,
    measured_overlap_fraction,
)
from planner.refusal import Refusal
from tests.planner.devices.scaled import PAYLOAD_BYTES, a_point, a_scaling


def test_eight_published_v100_keep_94_percent_of_the_speed_of_one():
    # DLPerf, PyTorch ResNet-50 on V100-SXM2: 348.62 images/s on one, 2,632.93 on eight, 128 each.
    one = a_point(1, 128, 1000 * 128 / 348.62)
    eight = a_point(8, 1024, 1000 * 1024 / 2632.93)
    scaling = a_scaling(points=(one, eight))
    assert weak_efficiency_fraction(scaling, eight) == pytest.approx(2632.93 / (8 * 348.62))
    assert weak_efficiency_fraction(scaling, eight) == pytest.approx(0.944, abs=5e-4)
    assert strong_efficiency_fraction(scaling, eight) is None


def test_one_batch_on_two_devices_is_set_against_the_same_batch_on_one():
    scaling = a_scaling()
    on_two = scaling.points[-1]
    assert strong_efficiency_fraction(scaling, on_two) == pytest.approx(5.0 / (2 * 5.0))
    assert weak_efficiency_fraction(scaling, on_two) == pytest.approx(3.0 / 5.0)
    assert on_two.communication_fraction == pytest.approx(2.0 / 5.0)


@given(st.integers(1, 63), st.floats(1e-6, 1.0))
def test_devices_without_overhead_that_exchange_nothing_lose_nothing(devices, sample_s):
    alone = [a_point(1, size, 1000 * size * sample_s) for size in (8, 64, 512)]
    several = a_point(devices + 1, 512, 1000 * 512 * sample_s / (devices + 1))
    scaling = a_scaling(points=(*alone, several))
    assert strong_efficiency_fraction(scaling, several) == pytest.approx(1.0)
    assert weak_efficiency_fraction(scaling, several) == pytest.approx(1.0)


@given(st.integers(2, 64), st.floats(1e-5, 10.0))
def test_the_measured_connection_gives_back_the_all_reduce_that_was_timed(devices, time_s):
    exchange = TimedExchange(device_count=devices, time_s=time_s, spread_fraction=0, rounds=1)
    link = measured_interconnect(a_scaling(exchanges=(exchange,)))
    assert link is not None
    again_s = all_reduce_s(link.fabric, payload_bytes=link.payload_bytes, device_count=devices)
    assert again_s == pytest.approx(time_s)


def test_bus_bandwidth_is_counted_as_nccl_tests_counts_it():
    # Two devices send half of the gradient each way: 2 (2-1)/2 * 4 MB in 2 ms.
    reached = bus_bytes_per_s(payload_bytes=PAYLOAD_BYTES, device_count=2, all_reduce_s=0.002)
    assert reached == pytest.approx(4e6 / 0.002)


def test_without_a_bare_all_reduce_nothing_is_known_of_the_connection():
    assert measured_interconnect(a_scaling(exchanges=())) is None


def test_what_is_not_seen_of_a_message_hid_behind_two_thirds_of_computing():
    # 2 ms of message, 0.5 ms of it seen, beside 3 ms of computing, 2 ms of them backwards.
    seen = a_point(2, 200, 3.5, communication_s=0.0005)
    scaling = replace(a_scaling(), points=(a_point(1, 200, 3.0), seen))
    assert measured_overlap_fraction(scaling) == pytest.approx((2.0 - 0.5) / 2.0)


def test_a_message_that_is_hidden_whole_says_how_much_hides_at_least():
    hidden = a_point(2, 200, 6.0)
    scaling = replace(a_scaling(), points=(a_point(1, 200, 3.0), hidden))
    assert measured_overlap_fraction(scaling) == pytest.approx(2.0 / (2 / 3 * 6.0))


def test_a_step_that_is_late_by_more_than_its_message_hides_nothing():
    late = a_point(2, 200, 9.0, communication_s=0.006)
    scaling = replace(a_scaling(), points=(a_point(1, 200, 3.0), late))
    assert measured_overlap_fraction(scaling) == 0.0


def test_the_steps_of_one_device_count_are_a_throughput_curve_of_their_own():
    curve = curve_on(a_scaling(), 2)
    assert [point.batch_size for point in curve.points] == [200, 400]
    assert [point.step_time_s for point in curve.points] == [0.004, 0.005]


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ((a_point(1, 8, 1.0),), "scaling_without_several_devices"),
        ((a_point(2, 8, 1.0), a_point(4, 8, 1.0)), "scaling_without_one_device"),
        ((a_point(2, 8, 1.0), a_point(1, 8, 1.0)), "scaling_points_not_rising"),
        ((a_point(1, 8, 1.0), a_point(1, 8, 1.0)), "scaling_points_not_rising"),
    ],
)
def test_a_measurement_that_shows_no_scaling_is_refused(
    points: tuple[ScalingPoint, ...], code: str
):
    with pytest.raises(Refusal) as refused:
        a_scaling(points=points)
    assert (refused.value.field, refused.value.code) == ("points", code)


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"device_count": 9}, "device_count", "devices_without_samples"),
        ({"communication_s": 0.001}, "communication_s", "communication_too_long"),
        ({"device_count": 1, "communication_s": 1e-4}, "communication_s", "communication_alone"),
        ({"step_time_s": float("nan")}, "step_time_s", "not_finite"),
    ],
)
def test_a_point_that_cannot_be_is_refused_at_its_field(fields, field, code):
    with pytest.raises(Refusal) as refused:
        replace(a_point(2, 8, 1.0), **fields)
    assert (refused.value.field, refused.value.code) == (field, code)
