"""A worker that has a rank host, as the two programs they are."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.contract.programs import ApiProcess, wait_until
from tests.support.processes import PATIENCE_S
from tests.support.rank_hosts import HERE, SECRET, HostProcess, a_host
from worker.codec import encode
from worker.data.places import DataPlaces
from worker.settings import RankHosts, WorkerSettings
from worker.workloads.digits_mlp import DigitsMlp

SILENCE_S = 10.0


@dataclass(frozen=True)
class TwoComputers:
    """A worker with one device, and its rank host with another."""

    worker: subprocess.Popen[bytes]
    host: HostProcess


@contextmanager
def two_computers(
    api: ApiProcess, folder: Path, store: Path, *, address: str = HERE, behind: Sequence[str] = ()
) -> Iterator[TwoComputers]:
    """The rank host reaches the worker at an address; ``behind`` is what moves it elsewhere."""
    folder.mkdir()
    DigitsMlp().load(DataPlaces(cache_dir=folder / "cache"))
    settings = WorkerSettings(
        api_url=api.url,
        registration_token=api.credentials.registration_token,
        data_dir=folder,
        name=folder.name,
        lock_dir=folder,
        checkpoint_every_s=0.2,
        store=str(store),
        rank_hosts=RankHosts(address=address, secret=SECRET, devices=(1,), silence_s=SILENCE_S),
    )
    (folder / "settings.json").write_text(json.dumps(encode(settings)))
    port_file = folder / "port"
    with (folder / "log").open("wb") as log:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.support.wide_worker"),
                *(str(folder / "settings.json"), str(port_file)),
            ],
            stderr=log,
        )
    wait_until(port_file.exists, what=f"a worker that waits for its rank host, see {folder}")
    expected = a_host(int(port_file.read_text()), 0, folder, cache_dir=folder / "cache", devices=1)
    settled = replace(expected, address=address, silence_s=SILENCE_S)
    host = HostProcess(settled, behind=behind)
    try:
        yield TwoComputers(worker, host)
    finally:
        worker.terminate()
        worker.wait(PATIENCE_S)
        host.close()
