"""How a dispatcher is set up, beside what it tells the workers in its seats."""

from collections.abc import Iterable
from dataclasses import dataclass

NAMESPACE = "paybatch"
"""Of every seat on a cluster."""

_SOME = 0.001
"""Ray's own way to ask for a node with a kind of GPU: a little of a resource called like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaySettings:
    """Seats of one kind on one cluster.

    Attributes:
        address: Of the cluster, as Ray understands it: ``auto`` or ``host:port``.
        seats: Most seats at a time.
        cpus: Processors that each device of a seat takes from the cluster.
        gpus: GPUs that each device of a seat takes from one node.
        accelerator: Kind of GPU as Ray names it, such as ``H100``; empty for any.
        store_is_shared: Whether the folder of checkpoints is the same one on every node.
        releases: Whether seats end when the dispatcher does; else they go on.
        look_s: Pause between two looks at queue and cluster.
        told_within_s: A seat that nobody told so long what to do leaves by itself.
    """

    address: str
    seats: int
    cpus: float
    gpus: int
    accelerator: str = ""
    store_is_shared: bool = False
    releases: bool = False
    look_s: float = 2.0
    told_within_s: float = 120.0

    def __post_init__(self) -> None:
        if not self.address:
            raise ValueError("address must not be empty")
        if self.seats < 1:
            raise ValueError("seats must be at least 1")
        if not self.cpus >= 0 or self.gpus < 0:
            raise ValueError("a seat takes no negative resources")
        if not (self.cpus > 0 or self.gpus > 0):
            raise ValueError("a seat takes something, or the cluster would be full of them")
        if not self.look_s > 0:
            raise ValueError("look_s must be above zero")
        if not self.told_within_s > 0:
            raise ValueError("told_within_s must be above zero")

    def takes_in_all(self, layout: Iterable[int]) -> dict[str, float]:
        """What a seat takes from all of its nodes, by the devices that it has on each."""
        taken: dict[str, float] = {}
        for devices in layout:
            for name, count in self.takes(devices).items():
                taken[name] = taken.get(name, 0.0) + count
        return taken

    def takes(self, devices: int) -> dict[str, float]:
        """What a seat of so many devices takes from one node, by Ray's names of resources."""
        each = {"CPU": self.cpus, "GPU": float(self.gpus)}
        takes = {name: devices * count for name, count in each.items() if count}
        kind = {f"accelerator_type:{self.accelerator}": _SOME} if self.accelerator else {}
        return takes | kind
