"""Steps of two processes of this computer against what one of them and a bare exchange predict.

The measurement is the one that a worker with ``--device cpu --device-count 2`` makes: whole steps,
steps without exchange and bare all-reduces of the gradient in turns. The projection takes the steps
on one device and the bare all-reduces alone. Goal, as for published trainings: median error of at
most 10 %, on a computer that does nothing else and has a core for each process.
"""

import os
import tempfile
from pathlib import Path
from statistics import median

from planner.devices.scaling import ScalingCurve, strong_efficiency_fraction
from planner.projections.scaling_facts import projected_step
from worker.data.places import DataPlaces
from worker.device import describe_device, describe_versions
from worker.probing.scaling_probe import probe_scaling
from worker.workloads import WORKLOADS

DEVICES = 2
CASES = ("digits-mlp", "pydoc-charlm")


def main() -> None:
    """Prints a line for every batch on two devices, and the median error of each workload."""
    print(f"{describe_versions()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        for name in CASES:
            report(name, measured(name, Path(folder)))


def measured(name: str, folder: Path) -> ScalingCurve:
    """What two processes of this computer took."""
    workload, places = WORKLOADS[name], DataPlaces(cache_dir=folder / "cache")
    workload.load(places)
    found = probe_scaling(
        workload,
        device=describe_device("cpu"),
        device_count=DEVICES,
        precision="float32",
        versions=describe_versions(),
        places=places,
        folder=folder / name,
        asked_to_leave=lambda: False,
    )
    if found is None:
        raise SystemExit(f"{name}: a process was lost")
    return found


def report(name: str, found: ScalingCurve) -> None:
    """The ratio of projected to measured step time at every batch."""
    (exchange,) = found.exchanges
    print(
        f"{name}: {found.payload_bytes / 1e6:.3g} MB of gradient exchanged alone in "
        f"{exchange.time_s * 1e3:.3g} ms (spread {exchange.spread_fraction:.0%})"
    )
    off = []
    for point in found.points:
        projected = projected_step(found, point)
        if projected is None:
            continue
        ratio = projected.step_time_s / point.step_time_s
        off.append(abs(ratio - 1))
        strong = strong_efficiency_fraction(found, point)
        print(
            f"  batch {point.batch_size:5d}: measured {point.step_time_s * 1e3:8.3f} ms "
            f"(spread {point.spread_fraction:.0%}, {point.communication_fraction:.0%} "
            f"communication, efficiency {strong or 0:.0%}), "
            f"projected {projected.step_time_s * 1e3:8.3f} ms, ratio {ratio:.3f}"
        )
    print(f"  median error {median(off):.1%}")


if __name__ == "__main__":
    main()
