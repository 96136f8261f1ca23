"""Rank hosts as the programs they are, beside a worker's end of them in this process."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.processes import PATIENCE_S, wait_until
from worker.codec import encode
from worker.device import describe_device, describe_versions
from worker.rank_hosts.gathering import gathered
from worker.rank_hosts.offer import HostOffer
from worker.rank_hosts.wide_processes import WideProcesses
from worker.settings import RankHosts, RankHostSettings

SECRET = "known to a worker and its hosts"
HERE = "127.0.0.1"


class HostProcess:
    """A rank host, its fork server and its ranks."""

    def __init__(self, settings: RankHostSettings, *, behind: Sequence[str] = ()) -> None:
        """``behind`` is a program that becomes the rank host, such as one that moves it."""
        settings.data_dir.mkdir(exist_ok=True)
        self._log = settings.data_dir / "log"
        self._line, theirs = socket.socketpair()
        with theirs, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(*behind, sys.executable, "-m", "worker.rank_hosts.program"),
                    *(str(os.getpid()), str(theirs.fileno())),
                ],
                pass_fds=[theirs.fileno()],
                stderr=log,
            )
        self._line.sendall(json.dumps(encode(settings)).encode() + b"\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def launcher(self) -> int:
        """Process id of what started its ranks; waits for one."""
        (server,) = wait_until(lambda: children(self.pid), what="a fork server")
        return int(wait_until(lambda: children(server), what="a launcher of ranks")[0])

    @property
    def ranks(self) -> list[int]:
        """Process ids of its ranks, the first one first; waits for some."""
        launcher = self.launcher
        return sorted(wait_until(lambda: children(launcher), what="ranks"))

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        return self._process.wait(PATIENCE_S)

    def close(self) -> None:
        self._line.close()
        self._process.send_signal(signal.SIGCONT)
        self._process.wait(PATIENCE_S)


def children(pid: int) -> list[int]:
    """Process ids of what a process started and still has."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@dataclass(frozen=True)
class SeveralComputers:
    """A worker's end, and the programs on the others."""

    processes: WideProcesses
    programs: Sequence[HostProcess]


def a_host(
    port: int, number: int, folder: Path, *, cache_dir: Path, devices: int, silence_s: float = 15.0
) -> RankHostSettings:
    """How a rank host on this computer is set up; data sets are prepared already."""
    data_dir = folder / f"host-{number}"
    data_dir.mkdir()
    (data_dir / "cache").symlink_to(cache_dir)
    return RankHostSettings(
        number=number,
        address=HERE,
        port=port,
        secret=SECRET,
        data_dir=data_dir,
        cpu_processes=devices,
        lock_dir=data_dir,
        silence_s=silence_s,
    )


def own_offer(devices: int = 1) -> HostOffer:
    """What this computer has."""
    return HostOffer(
        device=describe_device("cpu"),
        device_count=devices,
        versions=describe_versions(),
        workloads=("digits-mlp",),
        plug_ins=(),
    )


@contextmanager
def several_computers(
    folder: Path,
    *,
    cache_dir: Path,
    devices: tuple[int, ...],
    silence_s: float = 15.0,
    own: HostOffer | None = None,
    changed: Callable[[RankHostSettings], RankHostSettings] = replace,
    within_s: float = PATIENCE_S,
) -> Iterator[SeveralComputers]:
    """One device here, and so many on each rank host; ``changed`` sets up rank hosts otherwise."""
    programs: list[HostProcess] = []

    def start_hosts(port: int) -> None:
        for number, count in enumerate(devices):
            settings = a_host(
                port, number, folder, cache_dir=cache_dir, devices=count, silence_s=silence_s
            )
            programs.append(HostProcess(changed(settings)))

    expected = RankHosts(address=HERE, secret=SECRET, devices=devices, silence_s=silence_s)
    with ExitStack() as kept:
        kept.callback(lambda: [program.close() for program in programs])
        come = gathered(
            expected,
            own or own_offer(),
            may_come=start_hosts,
            leaving=lambda: False,
            within_s=within_s,
        )
        hosts = kept.enter_context(come)
        processes = WideProcesses(hosts.hosts, address=HERE, own_devices=1)
        yield SeveralComputers(kept.enter_context(closing(processes)), programs)
