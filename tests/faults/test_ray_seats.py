"""Seats on a cluster of Ray: who gets which device, and who may come and go while runs go on."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from planner.exchange.states import RunState
from planner.pilots.device_stages import DevicesOfSchedule
from tests.contract.programs import ApiProcess, an_api, wait_until
from tests.faults.pilots import LONG, a_curve, a_pilot
from tests.support.dispatcher_process import DispatcherProcess, a_dispatcher
from tests.support.processes import is_alive
from tests.support.ray_cluster import RayCluster, all_gone, command_and_environment
from worker.executors.ray.cluster import Cluster
from worker.executors.ray.settings import RaySettings

pytestmark = [pytest.mark.ray, pytest.mark.timeout(900)]

GPUS = 2

ONE_SEAT = ("--seats", "1")


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with RayCluster(cpus=GPUS, gpus=GPUS) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("installation")) as api:
        yield api


def running(api: ApiProcess, pilot_id: str) -> list[RunState]:
    return [run for run in api.runs(pilot_id) if run.status == "running"]


def devices_of(runs: list[RunState]) -> set[str]:
    """Ids of the devices that Ray gave to whoever trains these runs; none is given twice."""
    found = [one for run in runs for one in str(run.worker).rpartition(" ")[2].split(",")]
    assert len(found) == len(set(found)) == sum(run.device_count for run in runs)
    return set(found)


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
    """Three seats are allowed and four runs wait, but there are two devices."""
    pilot = a_pilot(epochs=LONG, seeds=(11, 12))
    pilot_id = api.create(pilot, throughput=a_curve()).id
    options = ("--seats", "3", "--idle-s", "2", "--bundle", "1")
    with a_dispatcher(api, cluster.address, tmp_path / "ray", options=options):

        def all_train() -> list[RunState] | None:
            runs = [run for run in running(api, pilot_id) if run.step > 0]
            assert len(devices_of(runs)) <= GPUS
            return runs if len(runs) == GPUS else None

        first, second = wait_until(all_train, what="a run on each device")
        assert devices_of([first, second]) == {"0", "1"}
        api.order(first.id, "cancel")
        wait_until(lambda: api.run(first.id).status == "cancelled", what="the cancelled run")
        later = wait_until(all_train, what="another run on its device")
        assert devices_of(later) == {"0", "1"}
        assert first.id not in {run.id for run in later}
        seats = cluster.seat_programs()
        assert len(seats) == GPUS
        api.cancel_everything()
        wait_until(lambda: ended_seats(cluster, seats), what="seats that left by themselves")


def test_runs_of_several_devices_get_seats_that_have_them_and_give_way_in_the_queue_s_order(
    api: ApiProcess, cluster: RayCluster, tmp_path: Path
) -> None:
    """There is no room for the pair that a second stage wants until seats of one have left."""
    alone_then_together = DevicesOfSchedule(schedule="growing batch", counts=(1, 2))
    pilot = replace(a_pilot(seeds=(11, 12)), devices=(alone_then_together,))
    pilot_id = api.create(pilot, throughput=a_curve()).id
    *runs, last = api.runs(pilot_id)
    api.order(last.id, "cancel")

    def all_succeeded() -> bool:
        assert len(devices_of(running(api, pilot_id))) <= GPUS
        return all(api.run(run.id).status == "succeeded" for run in runs)

    options = ("--seats", "2", "--idle-s", "600", "--bundle", "1", "--release")
    with a_dispatcher(api, cluster.address, tmp_path / "ray", options=options) as dispatcher:
        wait_until(all_succeeded, what="the end of all runs", patience_s=400)
        assert "want 2 devices wait for room" in dispatcher.log
        (seat,) = cluster.seat_programs()
        assert dispatcher.leave() == 0
    wait_until(lambda: ended_seats(cluster, [seat]), what="the end of the released seat")
    for run in (api.run(run.id) for run in runs):
        stages = 1 if run.run.schedule == "today" else 2
        assert (run.attempt, run.device_count, len(devices_of([run]))) == (stages, stages, stages)
    assert last.run.schedule == "growing batch"


def test_a_seat_whose_dispatcher_dies_before_it_says_what_to_do_leaves_by_itself(
    cluster: RayCluster,
) -> None:
    program = [sys.executable, "-m", "tests.support.forgotten_seat", cluster.address]
    made = ("forgotten-1x2", "seat", str(GPUS))
    said = subprocess.run([*program, *made], check=True, capture_output=True)
    assert said.stdout.split() == [b"empty"]
    settings = RaySettings(address=cluster.address, seats=1, cpus=1.0, gpus=1)
    looking = Cluster(settings, leaving=lambda: False)

    def all_free() -> bool:
        view = looking.look("forgotten-")
        return not view.seats and view.free.get("GPU") == GPUS

    try:
        wait_until(all_free, what="its end")
    finally:
        looking.close()


def test_a_dead_dispatcher_changes_nothing_and_another_one_finds_its_seats(
    api: ApiProcess, cluster: RayCluster, tmp_path: Path
) -> None:
    run_id = the_only_run(api, epochs=LONG)
    folder = tmp_path / "ray"
    first = DispatcherProcess(api, cluster.address, folder, options=ONE_SEAT)
    wait_until(lambda: api.run(run_id).step > 0, what="the first step")
    first.kill()
    before = api.run(run_id)
    wait_until(lambda: api.run(run_id).step > before.step, what="steps without a dispatcher")
    with a_dispatcher(api, cluster.address, folder, options=(*ONE_SEAT, "--release")) as second:
        wait_until(lambda: "is ours" in second.log, what="the adoption")
        assert "is open" not in second.log
        (seat,) = cluster.seat_programs()
        assert (api.run(run_id).attempt, api.run(run_id).worker) == (1, before.worker)
        told = b"".join(map(command_and_environment, cluster.processes()))
        assert api.credentials.registration_token.encode() not in told
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
    with a_dispatcher(api, cluster.address, folder, options=ONE_SEAT) as first:
        wait_until(lambda: api.run(run_id).step > 0, what="the first step")
        assert first.leave() == 0
    before = api.run(run_id)
    wait_until(lambda: api.run(run_id).step > before.step, what="steps without a dispatcher")
    with a_dispatcher(api, cluster.address, folder, options=(*ONE_SEAT, "--release")) as second:
        wait_until(lambda: "is ours" in second.log, what="the adoption")
        assert second.leave() == 0
    assert cluster.seat_programs() == []
    released = api.run(run_id)
    assert (released.status, released.attempt) == ("queued", 1)
    assert released.step >= before.step


def test_nothing_that_ray_wrote_down_holds_the_registration_token(
    api: ApiProcess, cluster: RayCluster
) -> None:
    """Looked for last: seats came and went before, each with the token."""
    assert cluster.files_with("Seat")
    assert cluster.files_with(api.credentials.registration_token) == []
