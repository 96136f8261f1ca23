"""One run by devices of two nodes of a cluster of Ray, and what is left when one is gone."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from planner.exchange.states import RunState
from planner.pilots.device_stages import DevicesOfSchedule
from tests.contract.programs import ApiProcess, an_api, wait_until
from tests.faults.left_behind import doubled_steps, missing_steps, whole_series
from tests.faults.pilots import a_curve, a_pilot
from tests.support.dispatcher_process import a_dispatcher
from tests.support.processes import PATIENCE_S
from tests.support.ray_cluster import LOOPBACK, RayCluster, RayNode
from worker.executors.ray.cluster import Cluster
from worker.executors.ray.seat_process import RANK_HOST_PROGRAM, SEAT_PROGRAM
from worker.executors.ray.settings import RaySettings

pytestmark = [pytest.mark.ray, pytest.mark.timeout(900)]

GPUS = 2
"""Of the cluster; each of its nodes has one."""

OPTIONS = ("--store-is-shared", "--idle-s", "2", "--bundle", "1")


class TwoNodes:
    """Nodes beside a head that has no devices; each can be lost, and another one come."""

    def __init__(self, cluster: RayCluster) -> None:
        self.cluster = cluster
        self._nodes: list[RayNode] = []
        for _ in range(GPUS):
            self.add()

    def add(self) -> None:
        self._nodes.append(self.cluster.add_node(cpus=1, gpus=1))

    def lose(self, program: str) -> None:
        """Ends the node on which a program of ours is."""
        (pid,) = self.cluster.programs(program)
        (lost,) = (node for node in self._nodes if pid in node.processes())
        self._nodes.remove(lost)
        self.cluster.remove(lost)

    def programs(self) -> dict[str, int]:
        """How many workers in seats there are, and rank hosts."""
        return {
            name: len(self.cluster.programs(name)) for name in (SEAT_PROGRAM, RANK_HOST_PROGRAM)
        }


@pytest.fixture(scope="module")
def nodes() -> Iterator[TwoNodes]:
    with RayCluster(cpus=0, gpus=0) as cluster:
        yield TwoNodes(cluster)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    with an_api(tmp_path_factory.mktemp("installation"), host=LOOPBACK) as api:
        yield api


@pytest.fixture
def looking(nodes: TwoNodes) -> Iterator[Cluster]:
    """A connection of its own to the cluster, whose looks remove what a dispatcher's would."""
    settings = RaySettings(address=nodes.cluster.address, seats=1, cpus=1.0, gpus=1)
    cluster = Cluster(settings, leaving=lambda: False)
    yield cluster
    cluster.close()


def a_run_on_both(api: ApiProcess, *, epochs: int) -> RunState:
    """A run that wants two devices throughout; the others of its pilot are cancelled."""
    together = DevicesOfSchedule(schedule="growing batch", counts=(GPUS,))
    pilot = replace(a_pilot(epochs=epochs, seeds=(11, 12)), devices=(together,))
    runs = api.runs(api.create(pilot, throughput=a_curve()).id)
    wide, *others = sorted(runs, key=lambda run: run.run.schedule != "growing batch")
    for other in others:
        api.order(other.id, "cancel")
    return api.run(wide.id)


def free_gpus(looking: Cluster, prefix: str = "ray-") -> float:
    """GPUs that nobody has taken, once there is no seat; none while there is one."""
    view = looking.look(prefix)
    return 0.0 if view.seats else view.free.get("GPU", 0.0)


def assert_every_step_is_told_once(api: ApiProcess, run: RunState) -> None:
    series = whole_series(api, run.id, "train")
    assert doubled_steps(series) == 0
    assert missing_steps(series, run.step) == 0


def leases_lost(api: ApiProcess) -> str:
    """The API's count of them, as it says it."""
    token = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    said = (
        httpx.get(f"{api.url}/api/metrics", headers=token, timeout=PATIENCE_S)
        .raise_for_status()
        .text
    )
    (count,) = re.findall(r"^paybatch_leases_lost_total (\S+)$", said, re.MULTILINE)
    return str(count)


def test_a_run_that_no_node_has_devices_for_trains_on_two_to_its_end(
    api: ApiProcess, nodes: TwoNodes, looking: Cluster, tmp_path: Path
) -> None:
    run = a_run_on_both(api, epochs=8)
    with a_dispatcher(api, nodes.cluster.address, tmp_path / "ray", options=OPTIONS):
        wait_until(lambda: api.run(run.id).step > 0, what="the first step")
        assert nodes.programs() == {SEAT_PROGRAM: 1, RANK_HOST_PROGRAM: 1}
        wait_until(lambda: api.run(run.id).status == "succeeded", what="its end", patience_s=400)
        wait_until(lambda: free_gpus(looking) == GPUS, what="devices that are given back")
    done = api.run(run.id)
    assert (done.attempt, done.device_count) == (1, GPUS)
    assert str(done.worker).startswith("ray-1x1+1 on ")
    assert nodes.programs() == {SEAT_PROGRAM: 0, RANK_HOST_PROGRAM: 0}


@pytest.mark.slow
@pytest.mark.parametrize("on_it", [SEAT_PROGRAM, RANK_HOST_PROGRAM])
def test_a_run_goes_on_when_one_of_its_nodes_is_lost_and_another_one_comes(
    on_it: str, api: ApiProcess, nodes: TwoNodes, looking: Cluster, tmp_path: Path
) -> None:
    """Until then nothing of it is left: the device of the other node is free for others."""
    run = a_run_on_both(api, epochs=40)
    with a_dispatcher(api, nodes.cluster.address, tmp_path / "ray", options=OPTIONS) as dispatcher:
        wait_until(lambda: api.run(run.id).step > 0, what="the first step")
        nodes.lose(on_it)
        wait_until(lambda: api.run(run.id).status == "queued", what="the run in the queue")
        wait_until(lambda: free_gpus(looking) == 1, what="the device of the other node")
        wait_until(lambda: "cluster has so many" in dispatcher.log, what="a word about it")
        nodes.add()
        wait_until(lambda: api.run(run.id).status == "succeeded", what="its end", patience_s=400)
        wait_until(lambda: free_gpus(looking) == GPUS, what="devices that are given back")
    done = api.run(run.id)
    assert done.attempt > 1
    assert_every_step_is_told_once(api, done)


@pytest.mark.slow
def test_a_run_whose_rank_host_is_killed_goes_on_in_another_seat_on_both_nodes(
    api: ApiProcess, nodes: TwoNodes, looking: Cluster, tmp_path: Path
) -> None:
    """The worker tells that the attempt is lost before its seat leaves: no lease has to pass."""
    before = leases_lost(api)
    run = a_run_on_both(api, epochs=40)
    with a_dispatcher(api, nodes.cluster.address, tmp_path / "ray", options=OPTIONS):
        wait_until(lambda: api.run(run.id).step > 0, what="the first step")
        (host,) = nodes.cluster.programs(RANK_HOST_PROGRAM)
        os.kill(host, signal.SIGKILL)
        wait_until(lambda: api.run(run.id).status == "succeeded", what="its end", patience_s=400)
        wait_until(lambda: free_gpus(looking) == GPUS, what="devices that are given back")
    done = api.run(run.id)
    assert done.attempt == 2
    assert leases_lost(api) == before
    assert_every_step_is_told_once(api, done)


@pytest.mark.parametrize("made", ["group", "seat"])
def test_a_dispatcher_that_dies_while_it_makes_a_seat_on_two_nodes_leaves_nothing(
    made: str, nodes: TwoNodes, looking: Cluster
) -> None:
    program = [sys.executable, "-m", "tests.support.forgotten_seat", nodes.cluster.address]
    said = subprocess.run(
        [*program, "forgotten-1x1+1", made, "1", "1"], check=True, capture_output=True
    )
    assert said.stdout.split() == [{"group": b"none", "seat": b"empty"}[made]]
    wait_until(lambda: free_gpus(looking, "forgotten-") == GPUS, what="its end")
