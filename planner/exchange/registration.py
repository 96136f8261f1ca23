"""What a worker says of itself when it comes, and what it is told."""

import re
from dataclasses import dataclass, field
from typing import Literal

from planner.bounds import check_at_least, check_at_most, check_name, check_positive, check_unique
from planner.devices.device_count import check_device_count
from planner.pilots.workload import Workload
from planner.refusal import require

MOST_PLUG_INS = 100

_WITH_KEY = re.compile(r"[^/]+://[^/?#]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device as its worker sees it.

    Attributes:
        kind: Family of the device.
        name: Model name; throughput curves and `measured_on` are keyed by it.
        memory_bytes: Memory that a run may use.
    """

    kind: Literal["cpu", "cuda"]
    name: str
    memory_bytes: int

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        check_at_least(self.memory_bytes, 0, "memory_bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRegistration:
    """A worker introduces itself: one supervisor, one device or several equal ones.

    Attributes:
        name: Chosen by whoever starts it; shown to people.
        device: What each of its devices is.
        workloads: Names of the built-in workloads it can train.
        store_url: Where it keeps checkpoints; a run resumes only where its store is reached.
        versions: Versions of what shapes its results, such as ``torch 2.13.0``.
        plug_ins: Workloads that are installed there.
        device_count: Its devices, which can train one run together.
    """

    name: str
    device: Device
    workloads: tuple[str, ...]
    store_url: str
    versions: str
    plug_ins: tuple[Workload, ...] = ()
    device_count: int = 1

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        check_device_count(self.device_count)
        some = bool(self.workloads) or bool(self.plug_ins)
        require(some, "workloads", "workloads_missing")
        require(not _WITH_KEY.match(self.store_url), "store_url", "store_url_with_key")
        check_at_most(len(self.plug_ins), MOST_PLUG_INS, "plug_ins")
        check_unique(
            [plug_in.name for plug_in in self.plug_ins], "plug_ins[{}].name", "workload_repeated"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedWorkload:
    """A plug-in's workload that the API does not accept, and why.

    Attributes:
        name: As the worker reported it.
        code: Message key below ``refusal.`` in the wording catalogues.
        params: Values for the message.
    """

    name: str
    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerWelcome:
    """The API's answer to a registration; the token is shown only here.

    Attributes:
        name: What it is called here: its own name, with a number where another has it.
        refused: Workloads that the worker brought and cannot train for this installation.
        store_in_use: Whether runs are to go on from checkpoints in its store: a place that has
            none is not that store.
    """

    worker_id: str
    worker_token: str = field(repr=False)
    name: str
    lease_s: float
    beat_s: float
    refused: tuple[RefusedWorkload, ...] = ()
    store_in_use: bool = False

    def __post_init__(self) -> None:
        check_positive(self.beat_s, "beat_s")
        check_positive(self.lease_s, "lease_s")
        require(self.beat_s < self.lease_s, "beat_s", "beat_not_within_lease")
