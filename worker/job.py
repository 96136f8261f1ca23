"""What a supervisor hands to the trainer it starts: everything but secrets."""

from dataclasses import dataclass
from pathlib import Path

from planner.devices.throughput import Execution
from planner.exchange.work import ClaimedRun, Device
from worker.data.places import DataPlaces


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCheckpoint:
    """A checkpoint of an earlier attempt, within the trainer's reach.

    Attributes:
        step: Steps done.
        folder: Where it lies; it may be damaged or gone.
        sha256: Of its tensor file, as recorded when it was saved.
        size_bytes: Of both files, likewise.
    """

    step: int
    folder: Path
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMember:
    """One attempt at one run.

    Attributes:
        run: The claimed run; its attempt token is blank.
        checkpoints: Where the attempt may start, newest first.
        scratch: Folder of this attempt alone: its control, its spool, its checkpoints.
    """

    run: ClaimedRun
    checkpoints: tuple[LocalCheckpoint, ...]
    scratch: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RankPart:
    """Which ranks of a run one of several computers holds, and where all of them meet.

    Attributes:
        first: Of its ranks.
        count: Of its ranks.
        store_address: Numeric, of the computer with the first rank, which opens a store there.
        store_port: Likewise.
        own_address: Numeric, at which this computer's ranks are reached.
    """

    first: int
    count: int
    store_address: str
    store_port: int
    own_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerJob:
    """What one trainer does, as a file in the job's own folder, where its log is written, too.

    Attributes:
        execution: How several members are to be trained; a worker whose model does not allow it
            trains them one after the other.
        members: One attempt, or several at one workload; those whose steps hold the same
            number of samples can be trained together.
        device: The device, as the worker registered it.
        visible_devices: Value of CUDA_VISIBLE_DEVICES: as many as the job is for; empty on a CPU.
        versions: As the worker registered them.
        places: Where data sets are, and where prepared ones are kept.
        lock_dir: Where the host's workers find each other's locks.
        checkpoint_every_s: Longest time between two checkpoints.
        compiles: Whether forward and backward passes are compiled.
        memory_bytes: Most memory of the computer for the trainer; None for no limit.
        probed_devices: Of the worker, over which a probe measures scaling, too; all of them are
            visible then.
        part: Which of the ranks are this computer's; None where all of them are.
    """

    execution: Execution
    members: tuple[JobMember, ...]
    device: Device
    visible_devices: str
    versions: str
    places: DataPlaces
    lock_dir: Path
    checkpoint_every_s: float
    compiles: bool = False
    memory_bytes: int | None = None
    probed_devices: int = 1
    part: RankPart | None = None

    def __post_init__(self) -> None:
        if len({member.run.workload for member in self.members}) != 1:
            raise ValueError("the members of a job train one workload")
        if len(self.members) > 1 and self.device_count > 1:
            raise ValueError("a run with several devices is trained alone")

    @property
    def torch_device(self) -> str:
        """The device as torch names it: the only visible one."""
        return self.device.kind

    @property
    def device_count(self) -> int:
        """Devices, and so processes, that train its only run; several runs have one device."""
        return self.members[0].run.device_count

    @property
    def ranks_here(self) -> range:
        """Those of the ranks that this computer holds."""
        if self.part is None:
            return range(self.device_count)
        return range(self.part.first, self.part.first + self.part.count)

    @property
    def workload(self) -> str:
        """Name of the workload that every member trains."""
        return self.members[0].run.workload

    @property
    def is_probe(self) -> bool:
        """Whether a throughput curve is measured, and nothing trained."""
        return self.members[0].run.purpose == "probe"
