"""`python -m worker`: one worker on its devices, from its command line to its last checkpoint."""

import logging
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial

import httpx

from planner.exchange.work import WorkerRegistration, WorkerWelcome
from planner.refusal import Refusal
from worker import executors
from worker.api import TIMEOUT_S, ApiAway, ApiRefused, WorkerApi
from worker.data.reach import within_reach
from worker.device import describe_versions
from worker.leaving import Leaving
from worker.options import read_options
from worker.plug_ins.words import english
from worker.rank_hosts.gathering import GatheredHosts, HostsMissing, gathered
from worker.rank_hosts.offer import offered
from worker.rank_hosts.wide_processes import WideProcesses
from worker.scratch import Scratch
from worker.secrecy import hide_from_plug_ins, set_up_log
from worker.settings import WorkerSettings
from worker.supervising.heart import Heart
from worker.supervising.store import FolderStore
from worker.supervising.store_thread import StoreThread
from worker.supervising.store_url import StoreRefused, open_store
from worker.supervising.supervisor import Supervisor
from worker.supervising.trainer_processes import Processes, TrainerProcesses

_REGISTER_AGAIN_S = 0.5
_BEATS_WITHIN_LEASE = 3
_CLEAR_UP_S = 1.0

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Works until SIGTERM or SIGINT; the exit status is 1 when the API turned the worker away."""
    try:
        set_up_log()
    except Refusal as refusal:
        params = {name: str(value) for name, value in refusal.params.items()}
        sys.exit(f"{refusal.field}: {english(f'refusal.{refusal.code}', params)}")
    settings, execute = read_options(arguments)
    return carry_out(execute or serve, settings)


def carry_out(execute: executors.Execute, settings: WorkerSettings) -> int:
    """Works, hidden from plug-ins; the exit status is 1 where it was not let work."""
    hide_from_plug_ins()
    try:
        execute(settings)
    except StoreRefused as refused:
        log.error("--store: %s", refused)
        return 1
    except ApiRefused as refused:
        log.error("the API turned this worker away: %s", refused)
        return 1
    except HostsMissing as missing:
        log.error("%s", missing)
        return 1
    return 0


def serve(
    settings: WorkerSettings,
    *,
    ready: Callable[[WorkerRegistration], None] = lambda _: None,
    enough: Callable[[], bool] = lambda: False,
    hosts_may_come: Callable[[int], None] = lambda _: None,
) -> None:
    """Registers, works, and registers again when that does not hold any more.

    The API may have forgotten this worker, or data that were fetched let it train more.
    ``ready`` is told whenever it is about to ask for work. ``enough`` is asked between two runs:
    whether it leaves instead. ``hosts_may_come`` is told on which port the worker waits for its
    rank hosts, where it has some; nothing is registered before all of them have come.
    """
    leaving = Leaving()
    store = (
        FolderStore(settings.data_dir / "store")
        if settings.store is None
        else open_store(settings.store)
    )
    with ExitStack() as kept:
        store_thread = StoreThread()
        kept.callback(store_thread.close, within_s=_CLEAR_UP_S)
        scratch = Scratch(settings.data_dir.resolve() / "scratch")
        kept.callback(scratch.close)
        own = offered(
            device=settings.device,
            device_count=settings.own_devices,
            places=settings.places,
            leaving=lambda: leaving.asked,
        )
        come = gathered(
            settings.rank_hosts, own, may_come=hosts_may_come, leaving=lambda: leaving.asked
        )
        hosts = kept.enter_context(come)
        registration = WorkerRegistration(
            name=settings.name,
            device=own.device,
            workloads=own.workloads,
            store_url=store.url,
            versions=describe_versions(compiled=settings.compiles),
            device_count=settings.device_count,
            plug_ins=hosts.all_bring(own.plug_ins),
        )
        while not leaving.asked:
            reached = hosts.all_reach(within_reach(settings.places))
            registration = replace(registration, workloads=reached)
            with httpx.Client(base_url=settings.api_url, timeout=TIMEOUT_S) as client:
                api = WorkerApi(client, token=settings.registration_token)
                welcome = _register(api, registration, leaving, idle_s=settings.idle_s)
                if welcome is None:
                    return
                if welcome.store_in_use:
                    store.expect_checkpoints()
                with _beating(settings, welcome) as heart:
                    supervisor = Supervisor(
                        settings,
                        registration=registration,
                        api=api,
                        heart=heart,
                        store=store,
                        store_thread=store_thread,
                        scratch=scratch,
                        outdated=partial(
                            _is_over, settings, registration, heart, hosts, leaving, enough
                        ),
                        processes=_processes_of(settings, hosts),
                    )
                    leaving.then(supervisor.leave)
                    ready(registration)
                    supervisor.work()


def _processes_of(settings: WorkerSettings, hosts: GatheredHosts) -> Callable[[], Processes]:
    """What makes a supervisor's trainers, on one computer or on several."""
    if settings.rank_hosts is None:
        return TrainerProcesses
    return partial(
        WideProcesses,
        hosts.hosts,
        address=settings.rank_hosts.address,
        own_devices=settings.own_devices,
    )


def _is_over(
    settings: WorkerSettings,
    registration: WorkerRegistration,
    heart: Heart,
    hosts: GatheredHosts,
    leaving: Leaving,
    enough: Callable[[], bool],
) -> bool:
    """Whether a worker without a run goes, or comes again as another one."""
    if enough():
        log.info("this worker leaves: runs of another size wait for its devices")
        leaving.ask()
    if settings.idle_s is not None and heart.idle_for_s() > settings.idle_s:
        log.info("nothing was to be done for %g s: this worker leaves", settings.idle_s)
        leaving.ask()
    if not hosts.are_complete:
        log.error("a rank host is gone: this worker leaves")
        leaving.ask()
    # Data sets may have been fetched or taken away.
    reached = hosts.all_reach(within_reach(settings.places))
    return leaving.asked or reached != registration.workloads


@contextmanager
def _beating(settings: WorkerSettings, welcome: WorkerWelcome) -> Iterator[Heart]:
    """A heart with a connection of its own, on which a lost beat leaves time for another."""
    timeout_s = welcome.lease_s / _BEATS_WITHIN_LEASE
    with httpx.Client(base_url=settings.api_url, timeout=timeout_s) as client:
        heart = Heart(WorkerApi(client, token="").join(welcome), welcome)
        heart.start()
        try:
            yield heart
        finally:
            heart.stop()
            heart.say_goodbye()


def _register(
    api: WorkerApi, registration: WorkerRegistration, leaving: Leaving, *, idle_s: float | None
) -> WorkerWelcome | None:
    """Introduces the worker as soon as the API is there; None if it has to leave before."""
    pause = threading.Event()
    until = math.inf if idle_s is None else time.monotonic() + idle_s
    while not leaving.asked and time.monotonic() < until:
        try:
            welcome = api.register(registration)
        except ApiAway as away:
            log.warning("the API is away: %s", away)
            pause.wait(_REGISTER_AGAIN_S)
        else:
            if welcome.name != registration.name:
                log.warning(
                    "another worker is called %s: this one is shown as %s; give it a --name",
                    registration.name,
                    welcome.name,
                )
            for one in welcome.refused:
                reason = english(f"refusal.{one.code}", one.params)
                log.warning("plug-in %s is left out: %s", one.name, reason)
            return welcome
    return None
