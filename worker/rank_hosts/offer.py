"""What a rank host has, and whether ranks there and on its worker's computer can train one run."""

from collections.abc import Callable
from dataclasses import dataclass

from planner.exchange.work import Device
from planner.pilots.workload import Workload
from worker.data.places import DataPlaces
from worker.data.reach import within_reach
from worker.device import describe_device, describe_versions
from worker.plug_ins.describing import reported


@dataclass(frozen=True, slots=True, kw_only=True)
class HostOffer:
    """Of a rank host, or of the worker's own computer.

    Attributes:
        device: What each of its devices is.
        device_count: How many it has for ranks of one run.
        versions: As `worker.device.describe_versions` has them, nothing compiled.
        workloads: Built-in ones whose data it has.
        plug_ins: Workloads that its plug-ins bring.
    """

    device: Device
    device_count: int
    versions: str
    workloads: tuple[str, ...]
    plug_ins: tuple[Workload, ...]


def offered(
    *, device: str, device_count: int, places: DataPlaces, leaving: Callable[[], bool]
) -> HostOffer:
    """What this computer has; ``leaving`` ends the wait for what plug-ins say of themselves."""
    return HostOffer(
        device=describe_device(device),
        device_count=device_count,
        versions=describe_versions(),
        workloads=within_reach(places),
        plug_ins=reported(places.descriptions_dir, leaving=leaving),
    )


def unlike(worker: HostOffer, host: HostOffer, *, devices: int) -> str:
    """Why a rank host is of no use to a worker that was promised so many devices; else empty."""
    ours, theirs = worker.device, host.device
    if host.device_count != devices:
        return f"it has {host.device_count} devices, and was to have {devices}"
    if (theirs.kind, theirs.name) != (ours.kind, ours.name):
        return (
            f"its devices are {theirs.kind}, {theirs.name}, and those of its worker {ours.kind}, "
            f"{ours.name}: a run needs devices that are alike"
        )
    if host.versions != worker.versions:
        return (
            f"it has {host.versions}, and its worker {worker.versions}: "
            "install the same on both computers"
        )
    return ""
