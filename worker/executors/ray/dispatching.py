"""The dispatcher as a program: its connections, its signals, and what becomes of its seats."""

import logging
import os
import select
import signal
import time
from dataclasses import replace
from pathlib import Path

import httpx

from worker.api import TIMEOUT_S, WorkerApi
from worker.executors.ray.cluster import Cluster, ClusterAway
from worker.executors.ray.dispatcher import Dispatcher
from worker.executors.ray.names import prefix_of
from worker.executors.ray.settings import RaySettings
from worker.settings import WorkerSettings

RELEASED_WITHIN_S = 60.0
"""Seats that were asked to leave are waited for so long: after a checkpoint a worker is gone."""

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
