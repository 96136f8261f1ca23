"""What a look at the cluster shows, and what a seat says of itself."""

from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["empty", "starting", "working", "silent"]
"""Nobody told it what to do yet; its worker starts; its worker asks for work; it did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the worker in a seat registered with.

    Attributes:
        workloads: What it can train.
        device: Name of its device.
        store_url: Where it keeps checkpoints.
    """

    workloads: tuple[str, ...]
    device: str
    store_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """One seat at a look.

    Attributes:
        name: Of its actor.
        offer: Of its worker, once that asks for work.
    """

    name: str
    phase: Phase
    offer: Offer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """The cluster at a look.

    Attributes:
        seats: Those of this dispatcher's name, whoever opened them.
        free: What nobody has taken, by Ray's names of resources.
        nodes: What each computer that is alive has in all, by the same names.
    """

    seats: tuple[SeatView, ...]
    free: dict[str, float] = field(default_factory=dict)
    nodes: tuple[dict[str, float], ...] = ()
