"""The connection between devices as measured scaling shows it, for a projection to others."""

from statistics import median

from planner.devices.fabric import BACKWARD_FRACTION, BusPoint, Fabric, Interconnect
from planner.devices.scaling import ScalingCurve, ScalingPoint


def bus_bytes_per_s(*, payload_bytes: float, device_count: int, all_reduce_s: float) -> float:
    """Bus bandwidth of one all-reduce: ``2 (N-1)/N payload / seconds``, as nccl-tests counts it."""
    return 2 * (device_count - 1) / device_count * payload_bytes / all_reduce_s


def measured_interconnect(scaling: ScalingCurve) -> Interconnect | None:
    """The connection and how much of it hides; None where no bare all-reduce was timed."""
    points = tuple(
        BusPoint(
            payload_bytes=scaling.payload_bytes,
            device_count=one.device_count,
            bus_bytes_per_s=bus_bytes_per_s(
                payload_bytes=scaling.payload_bytes,
                device_count=one.device_count,
                all_reduce_s=one.time_s,
            ),
        )
        for one in scaling.exchanges
    )
    if not points:
        return None
    return Interconnect(
        fabric=Fabric(
            bus_bytes_per_s=max(point.bus_bytes_per_s for point in points),
            latency_s=0.0,
            measured=points,
            source=f"{scaling.device}, {scaling.dtype}, {scaling.versions}",
        ),
        payload_bytes=scaling.payload_bytes,
        overlap_fraction=measured_overlap_fraction(scaling),
    )


def measured_overlap_fraction(scaling: ScalingCurve) -> float:
    """Share of the backward pass behind which the all-reduce hid, between 0 and 1.

    It solves ``exposed = comm - overlap (2/3) computing`` at each point and takes the median. Where
    all of a message was hidden that is only a lower bound, so such points count where there are no
    others, and then the largest of them does.
    """
    bare_s = {one.device_count: one.time_s for one in scaling.exchanges}
    told = [point for point in scaling.points if point.device_count in bare_s]
    exposed = [_overlap(point, bare_s[point.device_count]) for point in told if _is_exposed(point)]
    hidden = [
        _overlap(point, bare_s[point.device_count]) for point in told if not _is_exposed(point)
    ]
    found = median(exposed) if exposed else max(hidden, default=0.0)
    return min(1.0, max(0.0, found))


def _is_exposed(point: ScalingPoint) -> bool:
    return point.communication_s > 0


def _overlap(point: ScalingPoint, bare_s: float) -> float:
    computing_s = point.step_time_s - point.communication_s
    return (bare_s - point.communication_s) / (BACKWARD_FRACTION * computing_s)
