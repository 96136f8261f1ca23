"""What a supervisor hands to the trainer it starts: everything but secrets."""

from dataclasses import dataclass
from pathlib import Path

from planner.work import ClaimedRun, Device
from worker.data.places import DataPlaces


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCheckpoint:
    """A checkpoint of an earlier attempt, within the trainer's reach.

    Attributes:
        step: Steps done.
        folder: Where it lies; it may be damaged or gone.
        sha256: Of its tensor file, as recorded when it was saved.
    """

    step: int
    folder: Path
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerJob:
    """One attempt, as a file in its scratch folder.

    Attributes:
        run: The claimed run; its attempt token is blank.
        device: The device, as the worker registered it.
        visible_devices: Value of CUDA_VISIBLE_DEVICES; empty on a CPU.
        versions: As the worker registered them.
        checkpoints: Where the attempt may start, newest first.
        scratch: Folder of this attempt alone.
        places: Where data sets are, and where prepared ones are kept.
        lock_dir: Where the host's workers find each other's locks.
        checkpoint_every_s: Longest time between two checkpoints.
    """

    run: ClaimedRun
    device: Device
    visible_devices: str
    versions: str
    checkpoints: tuple[LocalCheckpoint, ...]
    scratch: Path
    places: DataPlaces
    lock_dir: Path
    checkpoint_every_s: float

    @property
    def torch_device(self) -> str:
        """The device as torch names it: the only visible one."""
        return self.device.kind
