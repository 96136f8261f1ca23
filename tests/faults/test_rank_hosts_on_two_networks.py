"""A wire between two computers of one run is cut: no connection is closed, and nobody is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.programs import ApiProcess, an_api, is_alive, wait_until
from tests.contract.test_devices_of_stages import SHORT as EPOCHS
from tests.contract.test_devices_of_stages import STEPS, create, ended
from tests.faults.computers import two_computers
from tests.faults.two_networks import HOST, two_networks
from tests.support.processes import PATIENCE_S

pytestmark = [pytest.mark.machines, pytest.mark.timeout(600)]


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiProcess]:
    with an_api(tmp_path, lease_s=15.0) as api:
        yield api


def test_a_run_of_two_computers_outlives_the_wire_between_them(
    api: ApiProcess, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    run_id = create(api, 2, epochs=EPOCHS)
    with two_networks() as (network, _):
        elsewhere = tuple(network.inside([]))
        with two_computers(
            api, tmp_path / "first", store, address=HOST, behind=elsewhere
        ) as computers:
            wait_until(lambda: api.run(run_id).step > 300, what="step 300")
            ranks = computers.host.ranks
            network.cut()
            assert computers.worker.wait(PATIENCE_S) == 0
            assert computers.host.wait() == 0
            assert not any(map(is_alive, ranks))
        network.mend()
        with two_computers(api, tmp_path / "second", store, address=HOST, behind=elsewhere):
            wait_until(lambda: ended(api, run_id), what="the end of the run")
    done = api.run(run_id)
    assert (done.attempt, done.device_count, done.step) == (2, 2, STEPS)
    shown = api.series(run_id, "evaluation").steps
    assert len(shown) == len(set(shown)) == EPOCHS + 1
