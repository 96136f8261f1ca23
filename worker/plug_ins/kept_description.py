"""What a plug-in told before, kept as long as its code is the same."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from planner.pilots.workload import Workload
from worker.codec import decode, encode
from worker.plug_ins.installed import PlugIn


@dataclass(frozen=True, slots=True)
class KeptDescription:
    """A file of the worker's cache.

    Attributes:
        folder: Of all descriptions of this worker.
        plug_in: As it is installed now.
    """

    folder: Path
    plug_in: PlugIn

    @property
    def path(self) -> Path:
        """Named by a hash: an entry point may have any name."""
        return self.folder / f"{hashlib.sha256(self.plug_in.name.encode()).hexdigest()[:16]}.json"

    def read(self) -> Workload | None:
        """What it told; None if nothing is kept, or its code has changed since."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            if data["fingerprint"] != self.plug_in.fingerprint:
                return None
            return decode(Workload, data["workload"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, workload: Workload) -> None:
        """Keeps what it told just now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = {"fingerprint": self.plug_in.fingerprint, "workload": encode(workload)}
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(data), encoding="utf-8")
        unfinished.replace(self.path)
