"""How one worker is set up; everything comes from its command line."""

import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """One supervisor on one device.

    Attributes:
        api_url: Address of the API.
        registration_token: Lets the worker introduce itself.
        data_dir: Scratch, prepared data sets and checkpoints.
        name: Shown to people.
        device: ``cpu`` or ``cuda:N``.
        lock_dir: Where all workers of this host find each other's locks.
        checkpoint_every_s: Longest time between two checkpoints; results do not depend on it.
        poll_s: Pause between two questions for work.
        stop_grace_s: Time a trainer has to leave by itself once it was asked.
    """

    api_url: str
    registration_token: str
    data_dir: Path
    name: str
    device: str = "cpu"
    lock_dir: Path = Path(tempfile.gettempdir())
    checkpoint_every_s: float = 30.0
    poll_s: float = 0.2
    stop_grace_s: float = 5.0

    def __post_init__(self) -> None:
        for field in ("checkpoint_every_s", "poll_s", "stop_grace_s"):
            if not getattr(self, field) > 0:
                raise ValueError(f"{field} must be above zero")
