"""Keeps seats on a cluster while runs wait for them: looks, opens what fits, and owns nothing.

What it knows it learns again at every look, so a dead dispatcher changes nothing for runs in hand,
and another one finds the same seats by their names.
"""

import logging
import os
import select
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from worker.api import TIMEOUT_S, ApiAway, WorkerApi
from worker.codec import encode
from worker.executors.ray.cluster import Cluster, ClusterAway
from worker.executors.ray.demand import fits, numbers_to_open, takeable, without
from worker.executors.ray.settings import RaySettings, prefix_of
from worker.executors.ray.view import ClusterView, Offer, SeatView
from worker.settings import WorkerSettings
from worker.supervising.store_url import is_folder

LONGEST_BACK_OFF_S = 30.0

RELEASED_WITHIN_S = 60.0
"""Seats that were asked to leave are waited for so long: after a checkpoint a worker is gone."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

log = logging.getLogger(__name__)


def dispatch(settings: WorkerSettings, ray_settings: RaySettings) -> None:
    """Works until SIGTERM or SIGINT; a second one lets the seats end, too."""
    asked = Asked()
    cluster = Cluster(ray_settings, leaving=lambda: asked.times > 0)
    settings = replace(
        settings,
        data_dir=settings.data_dir.resolve(),
        store=_absolute(settings.store),
        datasets_dirs=tuple(folder.resolve() for folder in settings.datasets_dirs),
    )
    try:
        with httpx.Client(base_url=settings.api_url, timeout=TIMEOUT_S) as client:
            api = WorkerApi(client, token=settings.registration_token)
            dispatcher = Dispatcher(settings, ray_settings, api=api, cluster=cluster)
            while not asked.times:
                asked.wait(dispatcher.work())
    finally:
        cluster.close()
    if ray_settings.releases or asked.times > 1:
        release(settings, ray_settings, asked)


def release(settings: WorkerSettings, ray_settings: RaySettings, asked: "Asked") -> None:
    """Lets every seat leave after its checkpoint, and waits until they have left."""
    heard = asked.times
    cluster = Cluster(ray_settings, leaving=lambda: asked.times > max(heard, 2))
    prefix = prefix_of(settings.name, settings.api_url)
    until = time.monotonic() + RELEASED_WITHIN_S
    try:
        seats = cluster.look(prefix).seats
        log.info("%d seats are released", len(seats))
        cluster.release([seat.name for seat in seats])
        while seats and time.monotonic() < until:
            asked.wait(ray_settings.look_s)
            seats = cluster.look(prefix).seats
    except ClusterAway as away:
        log.warning("seats may go on: %s", away)
    finally:
        cluster.close()


def _absolute(store: str | None) -> str | None:
    """A folder as seats find it, which begin in another one."""
    return store if store is None or "://" in store else str(Path(store).resolve())


class Asked:
    """How often SIGTERM or SIGINT was received, and waiting that ends with one."""

    def __init__(self) -> None:
        self.times = 0
        self._wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)

    def wait(self, pause_s: float) -> None:
        """Returns after so long, or as soon as a signal comes."""
        if select.select([self._wake], [], [], pause_s)[0]:
            os.read(self._wake, 4096)

    def _hear(self, *_: object) -> None:
        self.times += 1
        log.info("leaving; once more, and the seats leave, too")


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
        self._waited = 0
        self._away = ""
        self._pause_s = ray_settings.look_s
        self._opens_from = 0.0
        self._failures = 0
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
        if not reachable or time.monotonic() < self._opens_from:
            return
        numbers = numbers_to_open(
            waited=waited,
            waits=waits,
            seats=view.seats,
            worked=worked,
            taken=[int(seat.name.removeprefix(self._prefix)) for seat in view.seats],
            most=self._ray.seats,
        )
        free = view.free
        for number in numbers:
            if not fits(self._ray.takes, free) or not self._open(f"{self._prefix}{number}"):
                break
            free = without(free, self._ray.takes)

    def _learn(self, view: ClusterView) -> None:
        """What seats came and went since the last look, and what they offer."""
        seen = {seat.name: seat for seat in view.seats}
        for name in seen.keys() - self._known.keys():
            log.info("seat %s is ours", name)
        for name in self._known.keys() - seen.keys():
            log.info("seat %s is gone", name)
            if self._known[name].phase == "starting":
                self._back_off(f"the worker of seat {name} did not start")
        offers = [seat.offer for seat in view.seats if seat.offer is not None]
        if offers:
            self._offer = offers[-1]
            self._failures = 0
        self._known = seen

    def _open(self, name: str) -> bool:
        """Whether there is a seat of this name now, with a worker in it."""
        order = replace(self._settings, name=name.replace(self._prefix, f"{self._settings.name}-"))
        why = self._cluster.open(name, encode(order))
        if why:
            self._back_off(f"seat {name} was not opened: {why}")
            return False
        log.info("seat %s is open", name)
        self._known[name] = SeatView(name=name, phase="starting")
        return True

    def _back_off(self, why: str) -> None:
        """No more seats for a while; the next failure makes it longer."""
        pause_s = min(self._ray.look_s * 2**self._failures, LONGEST_BACK_OFF_S)
        self._failures = min(self._failures + 1, 10)
        self._opens_from = time.monotonic() + pause_s
        log.warning("%s; tried again in %g s", why, pause_s)

    def _check_reach(self, view: ClusterView) -> bool:
        """Whether a seat on any node would reach API and store; ends the program at the start."""
        problem = self._unreachable_from(view.nodes)
        if problem and not self._reach_checked:
            sys.exit(problem)
        if problem and self._known and self._opens_from < time.monotonic():
            self._back_off(problem)
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
        self._pause_s = min(2 * self._pause_s, LONGEST_BACK_OFF_S)
