"""How one worker is set up; everything comes from its command line."""

import ipaddress
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from planner.devices.device_count import check_device_count
from planner.exchange.work import Device
from worker.data.places import SHARED_DATASETS, DataPlaces
from worker.device import gpus_of

_MOST_OF_A_COMPUTER = 0.9
_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RankHosts:
    """Other computers whose devices are a worker's, too: each runs `worker.rank_hosts.program`.

    Attributes:
        address: Numeric, of IP version 4: of the worker's computer, where its rank hosts reach it.
        secret: What worker and rank hosts prove to each other that they know.
        devices: Of each rank host, in the order of their numbers from 0.
        silence_s: Time after which one that says nothing counts as gone.
    """

    address: str
    secret: str = field(repr=False)
    devices: tuple[int, ...]
    silence_s: float = 15.0

    def __post_init__(self) -> None:
        if len(self.secret) < _SHORTEST_SECRET:
            raise ValueError(f"the secret must have at least {_SHORTEST_SECRET} characters")
        if not self.devices or min(self.devices) < 1:
            raise ValueError("every rank host must have a device")
        if not self.silence_s > 0:
            raise ValueError("silence_s must be above zero")
        # Ranks are told an interface by its address, and those of version 6 are not looked up.
        if ipaddress.IPv4Address(self.address).is_unspecified:
            raise ValueError("address must be one that the rank hosts reach, and not all of them")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankHostSettings:
    """A rank host: it holds ranks of one worker's runs, and never speaks to the API.

    Attributes:
        number: Among its worker's rank hosts, from 0.
        address: Numeric, of its worker's computer.
        port: On which its worker waits for it.
        secret: As its worker has it.
        device: As `WorkerSettings` has it, and the next four.
        cpu_processes: Processes on a CPU that count as so many devices.
        data_dir: Scratch and prepared data sets.
        datasets_dirs: Folders with published data sets, first choice first.
        lock_dir: Where all workers of this host find each other's locks.
        memory_gib: Most memory of this computer for the ranks of one run.
        silence_s: Time after which a worker that says nothing counts as gone.
    """

    number: int
    address: str
    port: int
    secret: str = field(repr=False)
    data_dir: Path
    device: str = "cpu"
    cpu_processes: int = 1
    datasets_dirs: tuple[Path, ...] = ()
    lock_dir: Path = Path(tempfile.gettempdir())
    memory_gib: float | None = None
    silence_s: float = 15.0

    @property
    def gpus(self) -> tuple[int, ...]:
        """Numbers of its GPUs; none on a CPU."""
        return gpus_of(self.device)

    @property
    def device_count(self) -> int:
        """Devices for ranks of one run."""
        return len(self.gpus) or self.cpu_processes

    @property
    def places(self) -> DataPlaces:
        """Where its ranks find data sets."""
        return _places(self.data_dir, self.datasets_dirs)

    def most_memory_bytes(self, device: Device) -> int | None:
        """Most memory of this computer for the ranks of one run."""
        return _most_memory_bytes(self.memory_gib, device)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """One supervisor, on one device or on several that can train one run together.

    Attributes:
        api_url: Address of the API.
        registration_token: Lets the worker introduce itself.
        data_dir: Scratch, prepared data sets and, unless ``store`` names a place, checkpoints.
        name: Shown to people.
        device: ``cpu``, or GPUs such as ``cuda:0``, ``cuda:0,1`` or ``cuda:0-3``.
        cpu_processes: Processes on a CPU that count as so many devices; 1 beside a GPU.
        datasets_dirs: Folders with published data sets, first choice first.
        lock_dir: Where all workers of this host find each other's locks.
        checkpoint_every_s: Longest time between two checkpoints; results do not depend on it.
        compiles: Whether forward and backward passes are compiled, one graph a batch size.
        memory_gib: Most memory of the computer for one trainer; None for nine tenths of it on a
            CPU, and for no limit beside a GPU, whose libraries claim more than they use.
        poll_s: Pause between two questions for work.
        stop_grace_s: Time that a trainer, or one run of a bundle, has to leave by itself once it
            was asked; then the trainer is killed, and the run is over without a checkpoint of its
            last step.
        bundle: Most runs that are claimed to be trained together; 1 trains every run alone.
        member_grace_s: Time after which one run of a bundle that has still not left, while others
            go on, ends the trainer. Longer than ``stop_grace_s``: it sends all the others back to
            their checkpoints.
        store: Address or folder of the store of checkpoints, shared with other workers; None for
            a folder of this worker's own.
        idle_s: Time without a run after which the worker leaves by itself; None for never. It
            looks every few seconds.
        fewest_devices: Runs that want fewer are left to other workers; 1 takes any.
        rank_hosts: Other computers whose devices are this worker's, too; None for none.
    """

    api_url: str
    registration_token: str = field(repr=False)
    data_dir: Path
    name: str
    device: str = "cpu"
    datasets_dirs: tuple[Path, ...] = ()
    lock_dir: Path = Path(tempfile.gettempdir())
    checkpoint_every_s: float = 30.0
    compiles: bool = False
    memory_gib: float | None = None
    poll_s: float = 0.2
    stop_grace_s: float = 5.0
    bundle: int = 16
    member_grace_s: float = 30.0
    store: str | None = None
    cpu_processes: int = 1
    idle_s: float | None = None
    fewest_devices: int = 1
    rank_hosts: RankHosts | None = None

    def __post_init__(self) -> None:
        for name in ("checkpoint_every_s", "poll_s", "stop_grace_s", "member_grace_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above zero")
        if self.bundle < 1:
            raise ValueError("bundle must be at least 1")
        check_device_count(self.device_count)
        if not 1 <= self.fewest_devices <= self.device_count:
            raise ValueError("fewest_devices must be one of the numbers that it has")
        if self.cpu_processes > 1 and self.gpus:
            raise ValueError("GPUs count themselves")
        if self.memory_gib is not None and not self.memory_gib > 0:
            raise ValueError("memory_gib must be above zero")
        if self.idle_s is not None and not self.idle_s > 0:
            raise ValueError("idle_s must be above zero")

    def most_memory_bytes(self, device: Device) -> int | None:
        """Most memory of the computer for one trainer on this device."""
        return _most_memory_bytes(self.memory_gib, device)

    @property
    def gpus(self) -> tuple[int, ...]:
        """Numbers of its GPUs; none on a CPU."""
        return gpus_of(self.device)

    @property
    def own_devices(self) -> int:
        """Devices of its own computer."""
        return len(self.gpus) or self.cpu_processes

    @property
    def device_count(self) -> int:
        """Devices that can train one run together, those of its rank hosts included."""
        others = 0 if self.rank_hosts is None else sum(self.rank_hosts.devices)
        return self.own_devices + others

    @property
    def places(self) -> DataPlaces:
        """Where trainers find data sets; absolute, for a trainer has a folder of its own."""
        return _places(self.data_dir, self.datasets_dirs)


def _most_memory_bytes(memory_gib: float | None, device: Device) -> int | None:
    if memory_gib is not None:
        return int(memory_gib * 2**30)
    return int(_MOST_OF_A_COMPUTER * device.memory_bytes) if device.kind == "cpu" else None


def _places(data_dir: Path, datasets_dirs: tuple[Path, ...]) -> DataPlaces:
    folders = [folder.resolve() for folder in datasets_dirs]
    return DataPlaces(
        cache_dir=data_dir.resolve() / "cache",
        data_dir=folders[0] if folders else None,
        other_dirs=(*folders[1:], SHARED_DATASETS),
    )
