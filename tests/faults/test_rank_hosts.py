"""A run on several computers outlives each of them: it goes on from its checkpoint, bit by bit."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.contract.programs import ApiProcess, a_worker, an_api, is_alive, wait_until
from tests.contract.test_devices_of_stages import SHORT as EPOCHS
from tests.contract.test_devices_of_stages import STEPS, create, ended
from tests.faults.conftest import PromiseOf
from tests.support.processes import PATIENCE_S
from tests.support.rank_hosts import HERE, SECRET, HostProcess, a_host
from worker.codec import encode
from worker.data.places import DataPlaces
from worker.settings import RankHosts, WorkerSettings
from worker.workloads.digits_mlp import DigitsMlp

pytestmark = pytest.mark.faults

SILENCE_S = 5.0


@dataclass(frozen=True)
class TwoComputers:
    """A worker with one device, and its rank host with another."""

    worker: subprocess.Popen[bytes]
    host: HostProcess


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiProcess]:
    with an_api(tmp_path, lease_s=3.0) as api:
        yield api


@pytest.fixture
def store(tmp_path: Path) -> Path:
    store = tmp_path / "store"
    store.mkdir()
    return store


@contextmanager
def two_computers(api: ApiProcess, folder: Path, store: Path) -> Iterator[TwoComputers]:
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
        rank_hosts=RankHosts(address=HERE, secret=SECRET, devices=(1,), silence_s=SILENCE_S),
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
    host = HostProcess(replace(expected, silence_s=SILENCE_S))
    try:
        yield TwoComputers(worker, host)
    finally:
        worker.terminate()
        worker.wait(PATIENCE_S)
        host.close()


@pytest.mark.parametrize("struck", ["the rank host", "the worker"])
def test_a_run_of_two_computers_outlives_either_of_them(
    api: ApiProcess, tmp_path: Path, store: Path, promise: PromiseOf, struck: str
) -> None:
    with a_worker(api, tmp_path / "alone", options=("--store", str(store), "--device-count", "2")):
        undisturbed = create(api, 2, epochs=EPOCHS)
        wait_until(lambda: ended(api, undisturbed), what="the run on one computer")
    run_id = create(api, 2, epochs=EPOCHS)
    with two_computers(api, tmp_path / "first", store) as computers:
        wait_until(lambda: api.run(run_id).step > 300, what="step 300")
        ranks = computers.host.ranks
        if struck == "the worker":
            computers.worker.kill()
            assert computers.host.wait() == 0
        else:
            os.kill(computers.host.pid, 9)
            assert computers.worker.wait(PATIENCE_S) == 0
        wait_until(lambda: not any(map(is_alive, ranks)), what="the end of its ranks")
    with two_computers(api, tmp_path / "second", store):
        wait_until(lambda: ended(api, run_id), what="the end of the run")
    done = api.run(run_id)
    assert (done.attempt, done.device_count, done.step) == (2, 2, STEPS)
    for group in ("train", "evaluation"):
        assert api.series(run_id, group).columns == api.series(undisturbed, group).columns
    promise("P7").add(kills=1)
