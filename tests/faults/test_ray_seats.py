"""Seats on a cluster of Ray: who gets which device, and who may come and go while runs go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.exchange.states import RunState
from tests.contract.programs import ApiProcess, an_api, wait_until
from tests.faults.pilots import LONG, a_curve, a_pilot
from tests.support.dispatcher_process import DispatcherProcess, a_dispatcher
from tests.support.processes import is_alive
from tests.support.ray_cluster import RayCluster, all_gone

pytestmark = [pytest.mark.ray, pytest.mark.timeout(500)]

GPUS = 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with RayCluster(cpus=4, gpus=GPUS) as cluster:
        yield cluster


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiProcess]:
    with an_api(tmp_path) as api:
        yield api


def running(api: ApiProcess, pilot_id: str) -> list[RunState]:
    return [run for run in api.runs(pilot_id) if run.status == "running"]


def the_only_run(api: ApiProcess, *, epochs: int) -> str:
    """Id of a pilot's first run; the others are cancelled."""
    run, *others = api.runs(api.create(a_pilot(epochs=epochs), throughput=a_curve()).id)
    for other in others:
        api.order(other.id, "cancel")
    return run.id


def ended_seats(cluster: RayCluster, seats: list[int]) -> bool:
    return not cluster.seat_programs() and all_gone(seats)


def test_two_runs_never_share_a_device_and_idle_seats_give_theirs_back(
    api: ApiProcess, cluster: RayCluster, tmp_path: Path
) -> None:
    """Three seats are allowed, and two devices are there."""
    pilot_id = api.create(a_pilot(epochs=20), throughput=a_curve()).id
    options = ("--seats", "3", "--idle-s", "2", "--bundle", "1")
    seen: list[tuple[str, ...]] = []
    with a_dispatcher(api, cluster.address, tmp_path / "ray", options=options):

        def done() -> bool:
            seen.append(tuple(sorted(str(run.worker) for run in running(api, pilot_id))))
            return api.pilot(pilot_id).phase == "done"

        wait_until(done, what="the end of the pilot", patience_s=270)
        seats = cluster.seat_programs()
        wait_until(lambda: ended_seats(cluster, seats), what="seats that left by themselves")
    devices = [[name.rpartition(" gpu ")[2] for name in workers] for workers in seen]
    assert all(len(set(found)) == len(found) for found in devices)
    assert {device for found in devices for device in found} == {"0", "1"}
    assert max(len(found) for found in devices) == GPUS
    assert api.pilot(pilot_id).run_counts == {"succeeded": 6}
    assert {run.attempt for run in api.runs(pilot_id)} == {1}


def test_a_dead_dispatcher_changes_nothing_and_another_one_finds_its_seats(
    api: ApiProcess, cluster: RayCluster, tmp_path: Path
) -> None:
    run_id = the_only_run(api, epochs=LONG)
    folder = tmp_path / "ray"
    first = DispatcherProcess(api, cluster.address, folder)
    wait_until(lambda: api.run(run_id).step > 0, what="the first step")
    first.kill()
    before = api.run(run_id)
    wait_until(lambda: api.run(run_id).step > before.step, what="steps without a dispatcher")
    with a_dispatcher(api, cluster.address, folder, options=("--release",)) as second:
        wait_until(lambda: "is ours" in second.log, what="the adoption")
        assert "is open" not in second.log
        (seat,) = cluster.seat_programs()
        assert (api.run(run_id).attempt, api.run(run_id).worker) == (1, before.worker)
        api.order(run_id, "cancel")
        wait_until(lambda: api.run(run_id).status == "cancelled", what="the cancelled run")
        assert is_alive(seat)
        assert second.leave() == 0
    wait_until(lambda: ended_seats(cluster, [seat]), what="the end of the released seat")


def test_seats_outlive_a_dispatcher_that_leaves_and_end_after_their_checkpoints_when_released(
    api: ApiProcess, cluster: RayCluster, tmp_path: Path
) -> None:
    run_id = the_only_run(api, epochs=LONG)
    folder = tmp_path / "ray"
    with a_dispatcher(api, cluster.address, folder) as first:
        wait_until(lambda: api.run(run_id).step > 0, what="the first step")
        assert first.leave() == 0
    before = api.run(run_id)
    wait_until(lambda: api.run(run_id).step > before.step, what="steps without a dispatcher")
    with a_dispatcher(api, cluster.address, folder, options=("--release",)) as second:
        wait_until(lambda: "is ours" in second.log, what="the adoption")
        assert second.leave() == 0
    assert cluster.seat_programs() == []
    released = api.run(run_id)
    assert (released.status, released.attempt) == ("queued", 1)
    assert released.step >= before.step
