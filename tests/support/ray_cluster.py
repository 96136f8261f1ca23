"""A cluster of Ray on this computer: nodes with addresses and ports of their own, for a test."""

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
from worker.executors.ray.seat_process import SEAT_PROGRAM

LOOPBACK = "127.0.0.2"
"""Of this computer alone; Ray takes 127.0.0.1 for the computer's address in its network."""

_FIRST_OF_OTHERS = 3
"""Where addresses of nodes that join it end."""

_PORTS = (
    *("dashboard-agent-listen-port", "dashboard-agent-grpc-port", "runtime-env-agent-port"),
    *("metrics-export-port", "node-manager-port", "object-manager-port"),
)


class RayNode:
    """One node, whose GPUs are only counted: nothing is there that could compute."""

    def __init__(self, log: Path, *, address: str, cpus: int, gpus: int, role: list[str]) -> None:
        """``role`` has the options of a head, or of a node that joins one."""
        self._log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *role),
                    *("--node-ip-address", address, "--disable-usage-stats"),
                    *("--num-cpus", str(cpus), "--num-gpus", str(gpus)),
                    *("--object-store-memory", str(80 * 2**20)),
                    # Two nodes on one computer: whichever are free, or they would share a range.
                    *("--min-worker-port", "0", "--max-worker-port", "0"),
                    *(f"--{port}={free_port()}" for port in _PORTS),
                ],
                env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        wait_until(self._is_up, what=f"a node, see {log}", patience_s=300)

    def _is_up(self) -> bool:
        said = self._log.read_text()
        assert self._process.poll() is None, said
        return "--block" in said

    def kill(self) -> None:
        """Ends the node at once; whatever ran on it has to notice by itself."""
        programs = [self._process.pid, *children(self._process.pid)]
        started = [pid for program in programs[1:] for pid in children(program)]
        for pid in [*programs, *(pid for pid in started if not _has_an_actor(pid))]:
            _kill(pid)
        self._process.wait(PATIENCE_S)

    def processes(self) -> list[int]:
        """Everything that the node started, and what that started."""
        return descendants(self._process.pid)


class RayCluster:
    """A head, and nodes that join it."""

    def __init__(self, *, cpus: int, gpus: int) -> None:
        """Processors and GPUs of the head."""
        self._cpus, self._gpus = cpus, gpus
        self._port = free_port()
        self._head: RayNode | None = None
        self._others: list[RayNode] = []
        # A path of pytest's would be too long for the sockets in it.
        self._folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        for node in self._others:
            self.remove(node)
        self.kill()
        if kind is None:
            shutil.rmtree(self._folder)

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    def start(self) -> None:
        """Returns once the head answers; a second head comes to the same address."""
        role = [
            *("--head", "--port", str(self._port), "--temp-dir", str(self._folder / "ray")),
            *("--no-monitor", "--include-dashboard", "false", f"--dashboard-port={free_port()}"),
        ]
        self._head = RayNode(
            self._folder / "head", address=LOOPBACK, cpus=self._cpus, gpus=self._gpus, role=role
        )

    def add_node(self, *, cpus: int, gpus: int) -> RayNode:
        """Returns once it has joined; its address is another one than the head's."""
        number = _FIRST_OF_OTHERS + len(list(self._folder.glob("node-*")))
        node = RayNode(
            self._folder / f"node-{number}",
            address=f"127.0.0.{number}",
            cpus=cpus,
            gpus=gpus,
            role=["--address", self.address],
        )
        self._others.append(node)
        return node

    def remove(self, node: RayNode) -> None:
        """Ends a node that joined, at once."""
        self._others = [other for other in self._others if other is not node]
        node.kill()

    def kill(self) -> None:
        """Ends the head at once; whatever ran on it has to notice by itself."""
        if self._head is not None:
            self._head.kill()
            self._head = None

    def files_with(self, text: str) -> list[Path]:
        """Everything that Ray wrote down, logs and records, which holds a text."""
        written = [file for file in self._folder.rglob("*") if file.is_file()]
        return [file for file in written if text.encode() in file.read_bytes()]

    def processes(self) -> list[int]:
        """Everything that the nodes started, and what that started."""
        nodes = [self._head, *self._others]
        return [pid for node in nodes if node is not None for pid in node.processes()]

    def seat_programs(self) -> list[int]:
        """Workers in seats."""
        return self.programs(SEAT_PROGRAM)

    def programs(self, module: str) -> list[int]:
        """What runs a module of ours, on any of the nodes."""
        return [pid for pid in self.processes() if module in _command(pid)]


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
