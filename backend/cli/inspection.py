"""Facts about this computer that decide whether Paybatch can run on it."""

import json
import os
import socket
import stat
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from backend.cli.installation import address
from backend.cli.processes import version_at
from backend.database.sqlite import SAFE_SQLITE, refuse_network_file_system, sqlite_module
from backend.disk.free_room import free_bytes
from backend.settings import Settings
from planner.refusal import Refusal

PACKAGES = ("numpy", "scipy", "fastapi", "sqlalchemy", "pydantic", "uvicorn", "babel", "torch")

_BYTES_PER_GIB = 2**30
_TORCH_TIMEOUT_S = 120.0
_ASK_TORCH = """
import json, torch
cuda = torch.cuda.is_available()
name = torch.cuda.get_device_name(0) if cuda else f"cpu, {torch.get_num_threads()} threads"
print(json.dumps({"version": torch.__version__, "device": name}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TorchAnswer:
    """What torch says of itself; ``problem`` is its last line when it cannot be loaded."""

    version: str = ""
    device: str = ""
    problem: str | None = None


def package_versions() -> dict[str, str | None]:
    """Version of each package; None where it is missing."""
    return {name: _version(name) for name in PACKAGES}


def sqlite() -> tuple[str, str, bool]:
    """Version in use, oldest version without the known defect, and whether it is one of those."""
    module = sqlite_module()
    needed = ".".join(str(part) for part in SAFE_SQLITE)
    return module.sqlite_version, needed, module.sqlite_version_info >= SAFE_SQLITE


def is_private(folder: Path) -> bool:
    """Whether only its owner can read a folder and we can write it; one to be made counts."""
    if not folder.exists():
        return os.access(_nearest(folder), os.W_OK)
    others = stat.S_IMODE(folder.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    return others == 0 and os.access(folder, os.W_OK)


def network_file_system(folder: Path) -> str | None:
    """Kind of network file system that a folder lies on; None for a local one."""
    try:
        refuse_network_file_system(folder)
    except Refusal as refusal:
        return str(refusal.params["file_system"])
    return None


def free_gib(folder: Path) -> float:
    """Room on the disk that holds a folder, or will hold it."""
    return free_bytes(_nearest(folder)) / _BYTES_PER_GIB


def running_version(settings: Settings) -> str | None:
    """Version of the Paybatch that answers with these settings."""
    return version_at(address(settings))


def port_is_free(settings: Settings) -> bool:
    """Whether the API could listen there."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def torch() -> TorchAnswer:
    """Asks torch in a program of its own."""
    try:
        asked = subprocess.run(  # noqa: S603  # a fixed program, no shell
            [sys.executable, "-c", _ASK_TORCH],
            capture_output=True,
            text=True,
            timeout=_TORCH_TIMEOUT_S,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        return TorchAnswer(problem=lines[-1] if lines else f"exit code {error.returncode}")
    except subprocess.TimeoutExpired:
        return TorchAnswer(problem=f"no answer within {_TORCH_TIMEOUT_S:.0f} s")
    return TorchAnswer(**json.loads(asked.stdout))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _nearest(folder: Path) -> Path:
    """The folder itself, or the first one above it that exists."""
    found = folder.resolve()
    while not found.exists():
        found = found.parent
    return found
