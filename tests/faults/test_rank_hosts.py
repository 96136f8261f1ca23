"""A run on several computers outlives each of them: it goes on from its checkpoint, bit by bit."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.programs import ApiProcess, a_worker, an_api, is_alive, wait_until
from tests.contract.test_devices_of_stages import SHORT as EPOCHS
from tests.contract.test_devices_of_stages import STEPS, create, ended
from tests.faults.computers import two_computers
from tests.faults.conftest import PromiseOf
from tests.support.processes import PATIENCE_S

pytestmark = pytest.mark.faults


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiProcess]:
    with an_api(tmp_path, lease_s=15.0) as api:
        yield api


@pytest.fixture
def store(tmp_path: Path) -> Path:
    store = tmp_path / "store"
    store.mkdir()
    return store


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
    promise("P6").add(kills=1)
