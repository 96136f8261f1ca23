"""Scaling probe: what a step takes on 1, 2, 4 ... of a worker's devices, and what is exchange."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from planner.devices.scaling import ScalingCurve, ScalingPoint, TimedExchange
from planner.devices.throughput import Precision
from planner.exchange.work import Device
from worker.data.places import DataPlaces
from worker.probing.scaling_bench import Place, RankTimes, time_rank
from worker.training.rank_launcher import RanksFailed, run_ranks
from worker.workloads.contract import TrainingWorkload

log = logging.getLogger(__name__)


def probe_scaling(
    workload: TrainingWorkload,
    *,
    device: Device,
    device_count: int,
    visible_devices: str = "",
    precision: Precision,
    versions: str,
    places: DataPlaces,
    folder: Path,
    asked_to_leave: Callable[[], bool],
) -> ScalingCurve | None:
    """Measures with one process a device, none of them this one, which has touched no device yet.

    Args:
        workload: That is trained.
        device: One of the devices.
        device_count: At least two.
        visible_devices: Numbers of the GPUs, with commas between; empty on a CPU.
        precision: Number format of the arithmetic.
        versions: As the worker registered them.
        places: Where data sets are.
        folder: For this alone; made here.
        asked_to_leave: Asked by every rank in its own process; True ends the measurement.

    Returns:
        None where somebody asked to leave, or a rank was lost: a throughput curve does without.
    """
    try:
        told = run_ranks(
            time_rank,
            *(workload, places, device.kind, precision, asked_to_leave),
            count=device_count,
            folder=folder,
            kind=device.kind,
            visible_devices=visible_devices,
        )
    except RanksFailed as failed:
        log.warning("scaling over %d devices was not measured: %s", device_count, failed)
        return None
    if asked_to_leave():
        return None
    return scaling_curve(
        told, workload=workload.name, device=device.name, dtype=precision, versions=versions
    )


def scaling_curve(
    told: Sequence[RankTimes], *, workload: str, device: str, dtype: str, versions: str
) -> ScalingCurve | None:
    """What all ranks timed, as one measurement; None where memory left nothing to compare.

    A step lasts as the first rank saw it: all end together. Without exchange it would have lasted
    as long as on the slowest of them, and the rest is communication.
    """
    first = told[0]
    points = tuple(_point(place, told) for place in sorted(first.steps_s))
    counts = {point.device_count for point in points}
    if 1 not in counts or len(counts) == 1:
        return None
    return ScalingCurve(
        workload=workload,
        device=device,
        dtype=dtype,
        versions=versions,
        payload_bytes=first.payload_bytes,
        points=points,
        exchanges=tuple(
            _exchange(count, times) for count, times in sorted(first.exchanges_s.items())
        ),
    )


def _point(place: Place, told: Sequence[RankTimes]) -> ScalingPoint:
    count, size = place
    times_s = told[0].steps_s[place]
    middle, spread = _middle_and_spread(times_s)
    computing_s = max(float(np.median(one.silent_s[place])) for one in told[:count])
    return ScalingPoint(
        device_count=count,
        batch_size=size,
        step_time_s=middle,
        communication_s=0.0 if count == 1 else max(0.0, middle - computing_s),
        spread_fraction=spread,
        steps=len(times_s),
    )


def _exchange(device_count: int, times_s: list[float]) -> TimedExchange:
    middle, spread = _middle_and_spread(times_s)
    return TimedExchange(
        device_count=device_count, time_s=middle, spread_fraction=spread, rounds=len(times_s)
    )


def _middle_and_spread(times_s: list[float]) -> tuple[float, float]:
    lower, middle, upper = np.quantile(times_s, (0.25, 0.5, 0.75))
    return float(middle), float((upper - lower) / middle)
