"""A cluster of Ray on this computer: one head with its own folder and ports, started by a test."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.processes import PATIENCE_S, free_port, is_alive, wait_until

SEAT_PROGRAM = "worker.executors.ray.seat_program"

LOOPBACK = "127.0.0.2"
"""Of this computer alone; Ray takes 127.0.0.1 for the computer's address in its network."""

_PORTS = (
    *("dashboard-agent-listen-port", "dashboard-agent-grpc-port", "runtime-env-agent-port"),
    *("dashboard-port", "metrics-export-port", "node-manager-port", "object-manager-port"),
)


class RayCluster:
    """One head, whose GPUs are only counted: nothing is there that could compute."""

    def __init__(self, *, cpus: int, gpus: int) -> None:
        self._cpus, self._gpus = cpus, gpus
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        # A path of pytest's would be too long for the sockets in it.
        self._folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self.kill()
        if kind is None:
            shutil.rmtree(self._folder)

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    def start(self) -> None:
        """Returns once the head answers; a second head comes to the same address."""
        started = self._folder / "started"
        started.unlink(missing_ok=True)
        with started.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"),
                    *("--node-ip-address", LOOPBACK, "--port", str(self._port)),
                    *("--num-cpus", str(self._cpus), "--num-gpus", str(self._gpus)),
                    *("--temp-dir", str(self._folder / "ray"), "--no-monitor"),
                    *("--include-dashboard", "false", "--disable-usage-stats"),
                    *("--object-store-memory", str(80 * 2**20)),
                    *(f"--{port}={free_port()}" for port in _PORTS),
                ],
                env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: self._is_up(started), what=f"a head, see {started}", patience_s=300)

    def _is_up(self, started: Path) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, started.read_text()
        return "--block" in started.read_text()

    def kill(self) -> None:
        """Ends the head at once; whatever ran on it has to notice by itself."""
        if self._process is None:
            return
        programs = [self._process.pid, *children(self._process.pid)]
        started = [pid for program in programs[1:] for pid in children(program)]
        for pid in [*programs, *(pid for pid in started if not _has_an_actor(pid))]:
            _kill(pid)
        self._process.wait(PATIENCE_S)
        self._process = None

    def files_with(self, text: str) -> list[Path]:
        """Everything that Ray wrote down, logs and records, which holds a text."""
        written = [file for file in self._folder.rglob("*") if file.is_file()]
        return [file for file in written if text.encode() in file.read_bytes()]

    def processes(self) -> list[int]:
        """Everything that the head started, and what that started."""
        return [] if self._process is None else descendants(self._process.pid)

    def seat_programs(self) -> list[int]:
        """Workers in seats."""
        return [pid for pid in self.processes() if SEAT_PROGRAM in _command(pid)]


def command_and_environment(pid: int) -> bytes:
    """What other programs of the same user may read of a process."""
    folder = Path(f"/proc/{pid}")
    return (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()


def descendants(pid: int) -> list[int]:
    """Children of a process, theirs, and so on."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def children(pid: int) -> list[int]:
    """Those that any of its threads started."""
    found = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in file.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _has_an_actor(pid: int) -> bool:
    """Or could have one: Ray calls such a process so, and its own agents alike."""
    title = _command(pid)
    return title.startswith("ray::") and "Agent" not in title


def all_gone(pids: list[int]) -> bool:
    return not any(map(is_alive, pids))


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
