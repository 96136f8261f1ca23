"""A dispatcher of seats as the process it is, started, killed and told to leave by tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.contract.programs import ApiProcess
from tests.support.processes import PATIENCE_S


class DispatcherProcess:
    """``python -m worker --executor ray``; its seats' devices are CPUs that count as a GPU each."""

    def __init__(
        self,
        api: ApiProcess,
        address: str,
        folder: Path,
        *,
        device: tuple[str, ...] = ("--device", "cpu", "--seat-gpus", "1"),
        options: tuple[str, ...] = (),
    ) -> None:
        """``folder`` is that of all dispatchers that share their seats."""
        folder.mkdir(exist_ok=True)
        self._log = folder / f"dispatcher-{len(list(folder.glob('dispatcher-*')))}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "worker", "--executor", "ray", "--address", address),
                    *("--api", api.url, "--token-file", str(api.token_file)),
                    *("--data-dir", str(folder), "--lock-dir", str(folder)),
                    *device,
                    *("--checkpoint-every-s", "1"),
                    *options,
                ],
                env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
                stderr=log,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(PATIENCE_S)

    def wait(self) -> int:
        return self._process.wait(PATIENCE_S)

    def leave(self) -> int:
        """Tells it to leave once; its exit status."""
        if self._process.poll() is None:
            self._process.terminate()
        return self.wait()

    def close(self) -> None:
        if self._process.poll() is None:
            self.kill()


@contextmanager
def a_dispatcher(api: ApiProcess, address: str, folder: Path, **how: Any) -> Iterator[Any]:
    dispatcher = DispatcherProcess(api, address, folder, **how)
    try:
        yield dispatcher
    finally:
        dispatcher.close()
