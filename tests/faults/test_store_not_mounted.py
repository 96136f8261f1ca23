"""A shared folder whose disk is not mounted is empty: no run begins anew because of that."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange.states import RunState
from tests.contract.programs import ApiProcess, a_worker, an_api, wait_until
from tests.contract.test_worker_against_api import a_curve, a_pilot, first_run
from tests.faults.conftest import PromiseOf
from tests.faults.runs.test_bad_checkpoints import start_of, stored

pytestmark = pytest.mark.faults

EPOCHS = 400


class Mount:
    """A folder as another computer's disk is seen in it, while it is mounted."""

    def __init__(self, folder: Path) -> None:
        self.place, self._disk = folder / "store", folder / "disk"
        self.place.mkdir()

    def lose(self) -> None:
        self.place.rename(self._disk)
        self.place.mkdir()

    def restore(self) -> None:
        self.place.rmdir()
        self._disk.rename(self.place)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiProcess]:
    with an_api(tmp_path, lease_s=3.0) as api:
        yield api


def the_only_run(api: ApiProcess) -> RunState:
    pilot = api.create(a_pilot(epochs=EPOCHS), throughput=a_curve())
    run = first_run(api, pilot.id)
    for other in api.runs(pilot.id):
        if other.id != run.id:
            api.order(other.id, "cancel")
    return run


def is_away(api: ApiProcess, worker: str) -> bool:
    return any(one["store_away"] for one in api.get("/api/workers") if one["name"] == worker)


def test_a_worker_started_before_its_disk_is_mounted_waits_for_it_and_goes_on_from_there(
    api: ApiProcess, tmp_path: Path, promise: PromiseOf
) -> None:
    mount = Mount(tmp_path)
    run = the_only_run(api)
    options = ("--store", str(mount.place))
    with a_worker(api, tmp_path / "first", options=options) as first:
        wait_until(lambda: len(stored(mount.place, run.id)) > 1, what="checkpoints")
        first.kill()
    mount.lose()
    with a_worker(api, tmp_path / "second", options=options) as second:
        wait_until(lambda: is_away(api, "second"), what="a worker that misses its disk")
        wait_until(lambda: api.run(run.id).status == "queued", what="the run in the queue")
        wait_until(lambda: "Is its disk mounted?" in second.log, what="the reason in its log")
        assert list(mount.place.iterdir()) == []
        mount.restore()
        assert start_of(api, run.id, attempt=2) > 0
        assert not is_away(api, "second")
        api.order(run.id, "cancel")
    promise("P8").add(disks_away=1, begun_anew=0)
