"""Fabrics: what connects devices, and how long an all-reduce over it takes."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planner.bounds import check_at_least, check_not_negative, check_positive
from planner.refusal import require

Hops = Literal["ring", "tree"]

BACKWARD_FRACTION = 2 / 3
"""Share of a micro-batch's time in the backward pass, behind which communication can hide."""

LARGEST_SLOWDOWN_RATIO = 6.0
"""How far below the headline 16 MiB payloads fall at most: 64 of 377 GB/s on 32 devices of the
measured system with eight 400 Gb links a node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusPoint:
    """One measured all-reduce.

    Attributes:
        payload_bytes: Of the message.
        device_count: Devices that took part.
        bus_bytes_per_s: Bus bandwidth that was reached, all delays included.
    """

    payload_bytes: float
    device_count: int
    bus_bytes_per_s: float

    def __post_init__(self) -> None:
        check_positive(self.payload_bytes, "payload_bytes")
        check_at_least(self.device_count, 2, "device_count")
        check_positive(self.bus_bytes_per_s, "bus_bytes_per_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabric:
    """What connects the devices: measured points, or a bandwidth and a delay that were typed.

    Attributes:
        bus_bytes_per_s: Bus bandwidth of an all-reduce; where ``measured`` says more, the best.
        latency_s: Seconds a hop; 0 where ``measured``, whose points hold every delay.
        hops: How the all-reduce is routed.
        measured: Bandwidths at payloads and device counts; empty where it was typed.
        id: Of a measured fabric of the project; empty for a typed one.
        source: Where the points were read; empty for a typed one.
    """

    bus_bytes_per_s: float
    latency_s: float
    hops: Hops = "ring"
    measured: tuple[BusPoint, ...] = ()
    id: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        check_positive(self.bus_bytes_per_s, "bus_bytes_per_s")
        check_not_negative(self.latency_s, "latency_s")
        require(not self.measured or self.latency_s == 0, "latency_s", "latency_counted_twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllReduce:
    """One all-reduce; ``low_s`` and ``high_s`` differ where no measurement says how fast.

    Attributes:
        time_s: Hidden or not.
        low_s: At the fabric's best bandwidth.
        high_s: Where a small payload gets as little of it as anywhere measured.
        payload_measured: Whether the payload lies within what was measured, or was typed.
        devices_measured: Whether as many devices were measured, or the fabric was typed.
    """

    time_s: float
    low_s: float
    high_s: float
    payload_measured: bool = True
    devices_measured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Interconnect:
    """A fabric and what is sent over it in each step.

    Attributes:
        payload_bytes: Size of the gradient that the devices exchange.
        overlap_fraction: Share of the backward pass behind which communication hides.
    """

    fabric: Fabric
    payload_bytes: float
    overlap_fraction: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative(self.payload_bytes, "payload_bytes")
        require(0 <= self.overlap_fraction <= 1, "overlap_fraction", "out_of_range", low=0, high=1)


def hop_count(hops: Hops, *, device_count: int) -> int:
    """Latencies of one all-reduce: ring ``2 (N-1)``, tree ``2 ceil(log2 N)``, none alone."""
    if hops == "ring":
        return 2 * (device_count - 1)
    return 2 * (device_count - 1).bit_length()


def all_reduce_s(fabric: Fabric, *, payload_bytes: float, device_count: int) -> float:
    """``alpha hops(N) + 2 (N-1)/N bytes/busbw(bytes)``."""
    return all_reduce(fabric, payload_bytes=payload_bytes, device_count=device_count).time_s


def all_reduce(fabric: Fabric, *, payload_bytes: float, device_count: int) -> AllReduce:
    """One all-reduce with what nobody measured about it.

    Between measured payloads the bandwidth is log-linear in both; above the largest it stays.
    Below the smallest it lies between that one's and what keeps that one's time, at most
    `LARGEST_SLOWDOWN_RATIO` less: the geometric mean is taken.
    """
    traffic = 2 * (device_count - 1) / device_count * payload_bytes
    if device_count == 1 or not traffic:
        return AllReduce(time_s=0.0, low_s=0.0, high_s=0.0)
    if not fabric.measured:
        hops = hop_count(fabric.hops, device_count=device_count)
        seconds = fabric.latency_s * hops + traffic / fabric.bus_bytes_per_s
        return AllReduce(time_s=seconds, low_s=seconds, high_s=seconds)
    points = _nearest(fabric.measured, device_count)
    payloads = [point.payload_bytes for point in points]
    speeds = [point.bus_bytes_per_s for point in points]
    fastest = math.exp(np.interp(math.log(payload_bytes), np.log(payloads), np.log(speeds)))
    slowdown = min(LARGEST_SLOWDOWN_RATIO, max(1.0, payloads[0] / payload_bytes))
    low_s = traffic / fastest
    return AllReduce(
        time_s=low_s * math.sqrt(slowdown),
        low_s=low_s,
        high_s=low_s * slowdown,
        payload_measured=payloads[0] <= payload_bytes <= payloads[-1],
        devices_measured=device_count <= max(point.device_count for point in fabric.measured),
    )


def _nearest(measured: tuple[BusPoint, ...], device_count: int) -> list[BusPoint]:
    """The points of the measured device count that is nearest by ratio, by rising payload."""
    counts = {point.device_count for point in measured}
    nearest = min(sorted(counts), key=lambda count: abs(math.log(count / device_count)))
    of_it = [point for point in measured if point.device_count == nearest]
    return sorted(of_it, key=lambda point: point.payload_bytes)
