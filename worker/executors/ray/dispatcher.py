"""Keeps seats on a cluster while runs wait for them: looks, opens what fits, and owns nothing.

What it knows it learns again at every look, so a dead dispatcher changes nothing for runs in hand,
and another one finds the same seats by their names.
"""

import logging
import sys
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from worker.api import ApiAway, WorkerApi
from worker.codec import encode
from worker.executors.ray.back_off import LONGEST_S, BackOff
from worker.executors.ray.cluster import Cluster, ClusterAway
from worker.executors.ray.demand import Room, most_devices, room_left, seats_missing, takeable
from worker.executors.ray.layout import Layout, layouts
from worker.executors.ray.names import devices_of, layout_of, number_of, prefix_of, seat_name
from worker.executors.ray.settings import RaySettings
from worker.executors.ray.view import ClusterView, Offer, SeatView
from worker.settings import WorkerSettings
from worker.supervising.store_url import is_folder

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

log = logging.getLogger(__name__)


class Dispatcher:
    """One look after the other; between two it remembers only what waited, and what failed."""

    def __init__(
        self,
        settings: WorkerSettings,
        ray_settings: RaySettings,
        *,
        api: WorkerApi,
        cluster: Cluster,
    ) -> None:
        self._settings = settings
        self._ray = ray_settings
        self._api = api
        self._cluster = cluster
        self._prefix = prefix_of(settings.name, settings.api_url)
        self._known: dict[str, SeatView] = {}
        self._offer: Offer | None = None
        self._waited: Mapping[int, int] = {}
        self._retiring: set[str] = set()
        self._too_wide: set[int] = set()
        self._away = ""
        self._pause_s = ray_settings.look_s
        self._reaching = BackOff(ray_settings.look_s)
        self._starts: dict[int, BackOff] = defaultdict(lambda: BackOff(ray_settings.look_s))
        self._placing: dict[int, BackOff] = defaultdict(lambda: BackOff(ray_settings.look_s))
        self._reach_checked = False

    def work(self) -> float:
        """Looks once and does what follows from it; seconds until the next look.

        An API or a cluster that does not answer decides nothing: it is said once, and asked again
        later.
        """
        try:
            self._look()
        except (ApiAway, ClusterAway) as away:
            self._note_absence(away)
        else:
            if self._away:
                log.info("everybody answers again")
            self._away, self._pause_s = "", self._ray.look_s
        return self._pause_s

    def _look(self) -> None:
        waiting = self._api.waiting_runs()
        view = self._cluster.look(self._prefix)
        worked = {name for name, seat in self._known.items() if seat.phase == "working"}
        self._learn(view)
        reachable = self._check_reach(view)
        waits = takeable(waiting, self._offer)
        waited, self._waited = self._waited, waits
        for seat in view.seats:
            if seat.phase == "empty":
                self._open(seat.name)
        if not reachable:
            return
        missing = {
            devices: seats_missing(
                waited=waited.get(devices, 0),
                waits=runs,
                seats=[seat for seat in view.seats if self._devices(seat) == devices],
                worked=worked,
            )
            for devices, runs in waits.items()
            if self._starts[devices].is_over and self._some_nodes_have(devices, view)
        }
        self._open_what_is(missing, view)

    def _open_what_is(self, missing: Mapping[int, int], view: ClusterView) -> None:
        """Opens seats in the order of the queue.

        Where there is no room for one, nothing behind it is opened while other layouts of it are
        to be tried, or if seats that leave would make room: it would never have any.
        """
        taken = [number_of(self._prefix, seat.name) for seat in view.seats]
        room = room_left(free=view.free, taken=taken, most=self._ray.seats)
        ahead: set[int] = set()
        for devices, seats in missing.items():
            ahead.add(devices)
            layout = self._layout(devices, view)
            if self._open_some(seats, layout, room):
                continue
            takes = self._ray.takes_in_all(layout)
            has_another = room.has(takes) and not self._tried_all(devices, view)
            if has_another or self._make_room(layout, room, view, but=ahead):
                return

    def _tried_all(self, devices: int, view: ClusterView) -> bool:
        """Whether every layout of a seat so wide was tried in vain."""
        possible = layouts(devices, self._most_devices(view))
        return len(possible) == 1 or self._placing[devices].failures >= len(possible)

    def _layout(self, devices: int, view: ClusterView) -> Layout:
        """Where the devices of the next seat so wide lie: another try, another layout."""
        possible = layouts(devices, self._most_devices(view))
        return possible[self._failures(devices) % len(possible)]

    def _failures(self, devices: int) -> int:
        """Tries in a row that led to no seat so wide."""
        return self._placing[devices].failures + self._starts[devices].failures

    def _open_some(self, seats: int, layout: Layout, room: Room) -> bool:
        """Whether there was room for so many seats."""
        takes = self._ray.takes_in_all(layout)
        for _ in range(seats):
            if not (room.has(takes) and self._placing[sum(layout)].is_over):
                return False
            name = seat_name(self._prefix, number=room.take(takes), layout=layout)
            if not self._open(name):
                return False
        return True

    def _make_room(
        self, layout: Layout, room: Room, view: ClusterView, *, but: Collection[int]
    ) -> bool:
        """Lets seats of other widths leave after their runs, if that can make room.

        Those of some widths stay: their runs come before.
        """
        others = [seat for seat in view.seats if self._devices(seat) not in but]
        given_back = [self._ray.takes_in_all(layout_of(self._prefix, seat.name)) for seat in others]
        takes = self._ray.takes_in_all(layout)
        if not others or not room.would_have(takes, given_back=given_back):
            return False
        asked = {seat.name for seat in others} - self._retiring
        if asked:
            log.info(
                "runs that want %d devices wait for room: %d seats leave after their runs",
                sum(layout),
                len(asked),
            )
            self._cluster.retire(asked)
            self._retiring |= asked
        return True

    def _some_nodes_have(self, devices: int, view: ClusterView) -> bool:
        """Whether a seat so wide could ever be; said once where it cannot."""
        found = bool(layouts(devices, self._most_devices(view)))
        if found:
            self._too_wide.discard(devices)
        elif devices not in self._too_wide:
            self._too_wide.add(devices)
            log.warning("runs that want %d devices wait until the cluster has so many", devices)
        return found

    def _most_devices(self, view: ClusterView) -> list[int]:
        return [most_devices(node, takes=self._ray.takes) for node in view.nodes]

    def _devices(self, seat: SeatView) -> int:
        return devices_of(self._prefix, seat.name)

    def _learn(self, view: ClusterView) -> None:
        """What seats came and went since the last look, and what they offer."""
        seen = {seat.name: seat for seat in view.seats}
        for name in seen.keys() - self._known.keys():
            log.info("seat %s is ours", name)
        for name in self._known.keys() - seen.keys():
            log.info("seat %s is gone", name)
            if self._known[name].phase == "starting":
                starts = self._starts[devices_of(self._prefix, name)]
                self._back_off(starts, f"the worker of seat {name} did not start")
        for seat in view.seats:
            if seat.offer is not None:
                self._offer = seat.offer
                self._starts[self._devices(seat)].succeed()
        self._retiring &= seen.keys()
        self._known = seen

    def _open(self, name: str) -> bool:
        """Whether there is a seat of this name now, with a worker in it."""
        layout = layout_of(self._prefix, name)
        devices = sum(layout)
        why = self._cluster.open(name, self._order(name, devices), layout=layout)
        if why:
            self._back_off(self._placing[devices], f"seat {name} was not opened: {why}")
            return False
        log.info("seat %s is open", name)
        self._placing[devices].succeed()
        self._known[name] = SeatView(name=name, phase="starting")
        return True

    def _order(self, name: str, devices: int) -> Any:  # noqa: ANN401 - JSON
        """What the worker in a seat is told; which GPUs are on its node, the seat finds out."""
        on_gpus = bool(self._settings.gpus)
        settings = replace(
            self._settings,
            name=name.replace(self._prefix, f"{self._settings.name}-"),
            device=f"cuda:0-{devices - 1}" if on_gpus else self._settings.device,
            cpu_processes=1 if on_gpus else devices,
            fewest_devices=devices,
        )
        return encode(settings)

    def _back_off(self, tries: BackOff, why: str) -> None:
        """No more such tries for a while."""
        log.warning("%s; tried again in %g s", why, tries.fail())

    def _check_reach(self, view: ClusterView) -> bool:
        """Whether a seat on any node would reach API and store; ends the program at the start."""
        problem = self._unreachable_from(len(view.nodes))
        if problem and not self._reach_checked:
            sys.exit(problem)
        if problem and self._known and self._reaching.is_over:
            self._back_off(self._reaching, problem)
        self._reach_checked = True
        return not problem

    def _unreachable_from(self, nodes: int) -> str:
        """What no seat on another node could reach; nothing where there is one node only."""
        if nodes < 2:
            return ""
        store = self._settings.store or str(self._settings.data_dir)
        if is_folder(store) and not self._ray.store_is_shared:
            return (
                f"The cluster has {nodes} nodes, and checkpoints are in {store}, a folder of each "
                "node alone: a run could not go on elsewhere. Give a --store that all of them "
                "reach; if it is a folder, say with --store-is-shared that it is the same one."
            )
        host = urlsplit(self._settings.api_url).hostname or ""
        if host in _LOOPBACK:
            return (
                f"The cluster has {nodes} nodes, and {self._settings.api_url} is another computer "
                "on each of them: give --api an address that all of them reach."
            )
        return ""

    def _note_absence(self, away: Exception) -> None:
        """Says it once; the pause grows until somebody answers."""
        kind = type(away).__name__
        if self._away != kind:
            log.warning("nothing is decided while somebody is away: %s", away)
        self._away = kind
        self._pause_s = min(2 * self._pause_s, LONGEST_S)
