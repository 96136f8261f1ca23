"""How a dispatcher is set up, beside what it tells the workers in its seats."""

import hashlib
from dataclasses import dataclass

NAMESPACE = "paybatch"
"""Of every seat on a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaySettings:
    """Seats of one kind on one cluster.

    Attributes:
        address: Of the cluster, as Ray understands it: ``auto`` or ``host:port``.
        seats: Most seats at a time.
        cpus: Processors that a seat takes from the cluster.
        gpus: GPUs that a seat takes from one node.
        accelerator: Kind of GPU as Ray names it, such as ``H100``; empty for any.
        store_is_shared: Whether the folder of checkpoints is the same one on every node.
        releases: Whether seats end when the dispatcher does; else they go on.
        look_s: Pause between two looks at queue and cluster.
    """

    address: str
    seats: int
    cpus: float
    gpus: int
    accelerator: str = ""
    store_is_shared: bool = False
    releases: bool = False
    look_s: float = 2.0

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

    @property
    def takes(self) -> dict[str, float]:
        """What a seat takes from the cluster, by the names that Ray has for it."""
        return {name: count for name, count in self._resources if count}

    @property
    def _resources(self) -> tuple[tuple[str, float], ...]:
        return ("CPU", self.cpus), ("GPU", float(self.gpus))


def prefix_of(name: str, api_url: str) -> str:
    """How the names of all seats of one dispatcher's name and one installation begin."""
    installation = hashlib.sha256(api_url.encode()).hexdigest()[:8]
    return f"{name}-{installation}-"
