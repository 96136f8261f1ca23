"""One look after the other of a dispatcher, at an API and a cluster that say what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from worker.api import WorkerApi
from worker.device import gpus_of
from worker.executors.ray.cluster import ClusterAway
from worker.executors.ray.dispatcher import Dispatcher
from worker.executors.ray.names import prefix_of
from worker.executors.ray.settings import RaySettings
from worker.executors.ray.view import ClusterView, Phase, SeatView
from worker.settings import WorkerSettings

API = "http://10.0.0.1:8200"
PREFIX = prefix_of("ray", API)
ROOM = {"CPU": 8.0, "GPU": 8.0}


@dataclass
class PlannedCluster:
    """Shows what a test planned, and notes what it is asked to open."""

    nodes: int = 1
    node: dict[str, float] = field(default_factory=lambda: dict(ROOM))
    seats: list[SeatView] = field(default_factory=list)
    free: dict[str, float] = field(default_factory=lambda: dict(ROOM))
    away: bool = False
    refuses: str = ""
    orders: dict[str, Any] = field(default_factory=dict)
    layouts: list[tuple[int, ...]] = field(default_factory=list)
    retired: set[str] = field(default_factory=set)

    def look(self, prefix: str) -> ClusterView:
        assert prefix.startswith("ray-")
        if self.away:
            raise ClusterAway("no head")
        nodes = (self.node,) * self.nodes
        return ClusterView(seats=tuple(self.seats), free=self.free, nodes=nodes)

    def retire(self, names: Any) -> None:
        self.retired |= names

    def open(self, name: str, order: Any, *, layout: Sequence[int]) -> str:
        assert len(gpus_of(order["device"])) == order["fewest_devices"] == sum(layout)
        self.orders[name] = order
        self.layouts.append(tuple(layout))
        if not self.refuses:
            others = [seat for seat in self.seats if seat.name != name]
            self.seats = [*others, seat(name, "starting")]
        return self.refuses


@dataclass
class PlannedQueue:
    """An API at which so many runs wait, or as many as are said by the devices they want."""

    runs: int = 0
    by_devices: dict[int, int] = field(default_factory=dict)
    away: bool = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/waiting-runs"
        assert request.headers["Authorization"] == "Bearer the token"
        if self.away:
            return httpx.Response(503)
        kind = {"workload": "digits-mlp", "device": None, "store_url": None}
        waiting = self.by_devices or {1: self.runs}
        groups = [kind | {"device_count": count, "runs": waiting[count]} for count in waiting]
        return httpx.Response(200, json=[group for group in groups if group["runs"]])


def seat(name: str, phase: Phase) -> SeatView:
    return SeatView(name=name, phase=phase)


def a_dispatcher(
    queue: PlannedQueue,
    cluster: PlannedCluster,
    *,
    api_url: str = API,
    store: str | None = None,
    **how: Any,
) -> Dispatcher:
    settings = WorkerSettings(
        api_url=api_url,
        registration_token="the token",
        data_dir=Path("/data"),
        name="ray",
        device="cuda:0",
        store=store,
    )
    client = httpx.Client(base_url=api_url, transport=httpx.MockTransport(queue.answer))
    return Dispatcher(
        settings,
        RaySettings(**{"address": "auto", "seats": 3, "cpus": 1.0, "gpus": 1} | how),
        api=WorkerApi(client, token=settings.registration_token),
        cluster=cluster,  # type: ignore[arg-type]
    )


def looks(dispatcher: Dispatcher, times: int) -> list[float]:
    return [dispatcher.work() for _ in range(times)]


def test_what_waits_at_two_looks_gets_seats_as_many_as_there_may_be_and_fit():
    cluster = PlannedCluster(free={"CPU": 8.0, "GPU": 2.0})
    dispatcher = a_dispatcher(PlannedQueue(runs=9), cluster)
    looks(dispatcher, 1)
    assert cluster.orders == {}
    looks(dispatcher, 1)
    assert list(cluster.orders) == [f"{PREFIX}1", f"{PREFIX}2"]
    cluster.free = {"CPU": 6.0, "GPU": 0.0}
    looks(dispatcher, 3)
    assert len(cluster.orders) == 2


def test_a_seat_is_told_where_the_api_is_and_what_it_is_called():
    cluster = PlannedCluster()
    looks(a_dispatcher(PlannedQueue(runs=1), cluster), 2)
    order = cluster.orders[f"{PREFIX}1"]
    assert (order["name"], order["api_url"], order["data_dir"]) == ("ray-1", API, "/data")


def test_a_seat_is_as_wide_as_the_runs_that_it_is_for():
    cluster = PlannedCluster()
    looks(a_dispatcher(PlannedQueue(by_devices={4: 1, 2: 1}), cluster), 2)
    assert list(cluster.orders) == [f"{PREFIX}1x4", f"{PREFIX}2x2"]
    assert cluster.orders[f"{PREFIX}1x4"]["name"] == "ray-1x4"


def test_runs_that_no_nodes_have_devices_for_wait_for_them_and_keep_nobody_waiting(
    caplog: pytest.LogCaptureFixture,
):
    cluster = PlannedCluster()
    looks(a_dispatcher(PlannedQueue(by_devices={9: 1, 2: 1}), cluster), 3)
    assert list(cluster.orders) == [f"{PREFIX}1x2"]
    assert caplog.text.count("want 9 devices wait until the cluster has so many") == 1


def two_nodes(free: float) -> PlannedCluster:
    """Of four devices each, of which so many are free in all."""
    node = {"CPU": 4.0, "GPU": 4.0}
    return PlannedCluster(nodes=2, node=node, free={"CPU": free, "GPU": free})


def test_a_run_that_no_node_has_devices_for_gets_a_seat_on_several():
    cluster = two_nodes(8.0)
    looks(a_dispatcher(PlannedQueue(by_devices={6: 1, 2: 1}), cluster, store="s3://bucket"), 2)
    assert list(cluster.orders) == [f"{PREFIX}1x4+2", f"{PREFIX}2x2"]
    assert cluster.layouts == [(4, 2), (2,)]
    assert cluster.orders[f"{PREFIX}1x4+2"]["name"] == "ray-1x4+2"


def test_a_seat_that_one_empty_node_could_hold_is_not_spread_over_what_is_free():
    cluster = two_nodes(4.0)
    cluster.refuses = "no node has room for it"
    looks(
        a_dispatcher(PlannedQueue(by_devices={4: 1}), cluster, store="s3://bucket", look_s=1e-6),
        4,
    )
    assert set(cluster.layouts) == {(4,)}


def test_a_layout_that_has_no_room_is_followed_by_another_one():
    cluster = two_nodes(8.0)
    cluster.refuses = "no nodes have room for it"
    dispatcher = a_dispatcher(
        PlannedQueue(by_devices={6: 1}), cluster, store="s3://bucket", look_s=1e-6
    )
    looks(dispatcher, 4)
    assert cluster.layouts == [(4, 2), (3, 3), (4, 2)]


def test_seats_on_one_node_leave_after_their_runs_for_a_seat_on_several():
    cluster = two_nodes(3.0)
    cluster.seats = [seat(f"{PREFIX}1x4", "working"), seat(f"{PREFIX}2", "working")]
    dispatcher = a_dispatcher(PlannedQueue(by_devices={8: 1, 4: 1}), cluster, store="s3://bucket")
    looks(dispatcher, 3)
    assert cluster.retired == {f"{PREFIX}1x4", f"{PREFIX}2"}
    assert cluster.orders == {}
    cluster.seats, cluster.free = [], {"CPU": 8.0, "GPU": 8.0}
    looks(dispatcher, 1)
    assert list(cluster.orders) == [f"{PREFIX}1x4+4"]


def test_a_seat_on_several_nodes_leaves_after_its_run_for_what_comes_first_in_the_queue():
    cluster = two_nodes(2.0)
    cluster.seats = [seat(f"{PREFIX}1x4+2", "working")]
    looks(a_dispatcher(PlannedQueue(by_devices={4: 1}), cluster, store="s3://bucket"), 2)
    assert cluster.retired == {f"{PREFIX}1x4+2"}


def test_seats_of_another_width_leave_after_their_runs_for_what_comes_first_in_the_queue():
    cluster = PlannedCluster(free={"CPU": 8.0, "GPU": 1.0})
    cluster.seats = [seat(f"{PREFIX}1", "working"), seat(f"{PREFIX}2x2", "working")]
    queue = PlannedQueue(by_devices={2: 1, 1: 1})
    dispatcher = a_dispatcher(queue, cluster)
    looks(dispatcher, 3)
    assert cluster.retired == {f"{PREFIX}1"}
    assert cluster.orders == {}, "what frees is for the run that is first"
    cluster.seats, cluster.free = [cluster.seats[1]], {"CPU": 8.0, "GPU": 2.0}
    looks(dispatcher, 1)
    assert list(cluster.orders) == [f"{PREFIX}1x2"]


def test_no_seat_leaves_whose_runs_come_before_or_whose_devices_would_not_do():
    cluster = PlannedCluster(free={"CPU": 8.0, "GPU": 0.0})
    cluster.seats = [seat(f"{PREFIX}1", "working")]
    queue = PlannedQueue(by_devices={1: 1, 2: 1})
    looks(a_dispatcher(queue, cluster), 3)
    queue.by_devices = {2: 1, 1: 1}
    looks(a_dispatcher(queue, cluster), 3)
    assert cluster.retired == set()


def test_a_seat_that_nobody_told_what_to_do_is_told_by_whoever_finds_it():
    cluster = PlannedCluster(seats=[seat(f"{PREFIX}2", "empty")])
    looks(a_dispatcher(PlannedQueue(), cluster), 2)
    assert list(cluster.orders) == [f"{PREFIX}2"]


@pytest.mark.parametrize("who", ["queue", "cluster"])
def test_nobody_who_is_away_decides_anything_and_is_asked_ever_more_slowly(
    who: str, caplog: pytest.LogCaptureFixture
):
    queue, cluster = PlannedQueue(runs=1), PlannedCluster()
    dispatcher = a_dispatcher(queue, cluster, look_s=2.0)
    asked = {"queue": queue, "cluster": cluster}[who]
    asked.away = True
    assert looks(dispatcher, 5) == [4.0, 8.0, 16.0, 30.0, 30.0]
    assert caplog.text.count("is away") == 1
    assert cluster.orders == {}
    asked.away = False
    assert looks(dispatcher, 2) == [2.0, 2.0]
    assert len(cluster.orders) == 1


def test_a_seat_that_cannot_be_opened_is_not_asked_for_at_every_look():
    cluster = PlannedCluster(refuses="no node has room for it")
    looks(a_dispatcher(PlannedQueue(runs=1), cluster, look_s=1000.0), 5)
    assert len(cluster.orders) == 1


def test_a_cluster_of_several_nodes_needs_a_store_that_all_of_them_reach():
    dispatcher = a_dispatcher(PlannedQueue(), PlannedCluster(nodes=2))
    with pytest.raises(SystemExit, match="--store-is-shared"):
        dispatcher.work()
    shared = a_dispatcher(PlannedQueue(), PlannedCluster(nodes=2), store_is_shared=True)
    assert shared.work() > 0
    elsewhere = a_dispatcher(PlannedQueue(), PlannedCluster(nodes=2), store="s3://bucket/pilots")
    assert elsewhere.work() > 0


def test_a_cluster_of_several_nodes_needs_an_api_that_all_of_them_reach():
    url = "http://127.0.0.1:8200"
    dispatcher = a_dispatcher(
        PlannedQueue(), PlannedCluster(nodes=2), api_url=url, store_is_shared=True
    )
    with pytest.raises(SystemExit, match="another computer"):
        dispatcher.work()
