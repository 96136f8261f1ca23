import math

import pytest

from planner.devices.fabric import (
    BusPoint,
    Fabric,
    Interconnect,
    all_reduce,
    all_reduce_s,
    hop_count,
)
from planner.refusal import Refusal

MIB = 2**20
TYPED = Fabric(bus_bytes_per_s=100e9, latency_s=5e-6)
MEASURED = Fabric(
    bus_bytes_per_s=400e9,
    latency_s=0.0,
    measured=tuple(
        BusPoint(payload_bytes=size * MIB, device_count=8, bus_bytes_per_s=speed)
        for size, speed in ((16, 100e9), (64, 200e9), (1024, 400e9))
    ),
)


def test_an_all_reduce_of_45_megabytes_on_8_devices_takes_857_microseconds():
    seconds = all_reduce_s(TYPED, payload_bytes=45e6, device_count=8)
    assert seconds == pytest.approx(14 * 5e-6 + 2 * 7 / 8 * 45e6 / 100e9)
    assert seconds == pytest.approx(857.5e-6)


@pytest.mark.parametrize(
    ("hops", "devices", "expected"),
    [("ring", 1, 0), ("ring", 8, 14), ("tree", 1, 0), ("tree", 8, 6), ("tree", 9, 8)],
)
def test_a_ring_passes_everyone_twice_and_a_tree_climbs_and_descends(hops, devices, expected):
    assert hop_count(hops, device_count=devices) == expected


@pytest.mark.parametrize("fabric", [TYPED, MEASURED])
def test_one_device_talks_to_nobody(fabric):
    assert all_reduce_s(fabric, payload_bytes=45e6, device_count=1) == 0


def test_a_measured_payload_has_its_measured_bandwidth():
    found = all_reduce(MEASURED, payload_bytes=64 * MIB, device_count=8)
    assert found.time_s == pytest.approx(2 * 7 / 8 * 64 * MIB / 200e9)
    assert found.low_s == found.high_s == found.time_s
    assert found.payload_measured
    assert found.devices_measured


def test_between_two_payloads_the_bandwidth_is_their_geometric_mean_at_the_geometric_mean():
    found = all_reduce_s(MEASURED, payload_bytes=32 * MIB, device_count=8)
    assert found == pytest.approx(1.75 * 32 * MIB / math.sqrt(100e9 * 200e9))


def test_above_the_largest_payload_the_bandwidth_stays_and_is_marked():
    found = all_reduce(MEASURED, payload_bytes=4096 * MIB, device_count=8)
    assert found.time_s == pytest.approx(1.75 * 4096 * MIB / 400e9)
    assert not found.payload_measured


def test_below_the_smallest_payload_the_ends_are_its_bandwidth_and_its_time():
    found = all_reduce(MEASURED, payload_bytes=4 * MIB, device_count=8)
    as_fast = 1.75 * 4 * MIB / 100e9
    assert found.low_s == pytest.approx(as_fast)
    assert found.high_s == pytest.approx(4 * as_fast)  # what 16 MiB take
    assert found.time_s == pytest.approx(2 * as_fast)  # the geometric mean
    assert not found.payload_measured


def test_far_below_it_the_bandwidth_falls_at_most_to_a_sixth():
    found = all_reduce(MEASURED, payload_bytes=MIB / 4, device_count=8)
    assert found.high_s / found.low_s == pytest.approx(6)


def test_more_devices_than_were_measured_are_marked():
    assert not all_reduce(MEASURED, payload_bytes=64 * MIB, device_count=16).devices_measured
    assert all_reduce(TYPED, payload_bytes=64 * MIB, device_count=16).devices_measured


def test_the_points_of_the_nearest_device_count_are_used():
    fabric = Fabric(
        bus_bytes_per_s=400e9,
        latency_s=0.0,
        measured=(
            BusPoint(payload_bytes=1e9, device_count=4, bus_bytes_per_s=300e9),
            BusPoint(payload_bytes=1e9, device_count=8, bus_bytes_per_s=400e9),
        ),
    )
    assert all_reduce_s(fabric, payload_bytes=1e9, device_count=3) == pytest.approx(
        2 * 2 / 3 * 1e9 / 300e9
    )


def test_a_fabric_without_bandwidth_is_refused():
    with pytest.raises(Refusal) as refusal:
        Fabric(bus_bytes_per_s=0.0, latency_s=0.0)
    assert refusal.value.field == "bus_bytes_per_s"


def test_measured_points_hold_every_delay():
    with pytest.raises(Refusal) as refusal:
        Fabric(bus_bytes_per_s=1e9, latency_s=1e-6, measured=MEASURED.measured)
    assert refusal.value.code == "latency_counted_twice"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"overlap_fraction": 1.5}, "overlap_fraction"),
        ({"payload_bytes": math.nan}, "payload_bytes"),
    ],
)
def test_a_message_without_sense_is_refused(changes, field):
    with pytest.raises(Refusal) as refusal:
        Interconnect(**{"fabric": TYPED, "payload_bytes": 45e6, **changes})
    assert refusal.value.field == field
