"""Workers as the processes they are, and what a test needs to start them and their API."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.contract.api_process import AS_IT_IS
from tests.contract.api_process import BEAT_S as BEAT_S
from tests.contract.api_process import CALM_LEASE_S as CALM_LEASE_S
from tests.contract.api_process import ApiProcess as ApiProcess
from tests.support.processes import PATIENCE_S
from tests.support.processes import free_port as free_port
from tests.support.processes import is_alive as is_alive
from tests.support.processes import wait_until as wait_until


class WorkerProcess:
    """A supervisor, its fork server and its trainer."""

    def __init__(
        self,
        api: ApiProcess,
        folder: Path,
        *,
        store: Path | None = None,
        token_file: Path | None = None,
        data: Path | None = None,
        checkpoint_every_s: float = 0.2,
        environment: Mapping[str, str] = AS_IT_IS,
        options: tuple[str, ...] = (),
        behind: tuple[str, ...] = (),
    ) -> None:
        """``behind`` is a program that becomes the worker, such as one that moves it elsewhere."""
        folder.mkdir()
        if store is not None:
            (folder / "store").symlink_to(store)
        self.data_dir = folder
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(*behind, sys.executable, "-m", "worker", "--api", api.url),
                    *("--token-file", str(token_file or api.token_file), "--data-dir", str(folder)),
                    *("--lock-dir", str(folder), "--name", folder.name),
                    *("--checkpoint-every-s", str(checkpoint_every_s)),
                    *(() if data is None else ("--data", str(data))),
                    *options,
                ],
                env=os.environ | dict(environment),
                stderr=log,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.data_dir / "log").read_text()

    @property
    def fork_server(self) -> int:
        """Its process id, once it runs its own program: until then it is a copy of the worker."""

        def started() -> list[str]:
            return [child for child in children(self.pid) if "fork_server" in command(child)]

        return int(wait_until(started, what="a fork server")[0])

    @property
    def trainer(self) -> int:
        server = self.fork_server
        return int(wait_until(lambda: children(server), what="a trainer")[0])

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        return self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        """Ends the supervisor at once; what it started goes with it."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def an_api(
    folder: Path, *, often: bool = False, **settings: str | int | float
) -> Iterator[ApiProcess]:
    api = ApiProcess(folder, often=often, **settings)
    try:
        yield api
    finally:
        api.close()


@contextmanager
def a_worker(api: ApiProcess, folder: Path, **how: Any) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(api, folder, **how)
    try:
        yield worker
    finally:
        worker.close()


def command(pid: str) -> str:
    """What a process was started as; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
