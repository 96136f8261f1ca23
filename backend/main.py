"""The application: routes, guards and what lives as long as the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.routing import APIRoute

from backend import VERSION
from backend.access.guard import Guard
from backend.access.principals import Principals
from backend.access.uses import UsesWriter
from backend.backups.maker import BackupMaker, keep_before_upgrade
from backend.clock import Clock
from backend.database import make_private_folder, open_database
from backend.database.upgrade import upgrade
from backend.database.watching import Changes
from backend.disk.data_lock import held
from backend.disk.room import Room
from backend.leases import Leases
from backend.oidc.set_up import provider_of
from backend.remembered.settled import Settled
from backend.remembered.shared_answers import SharedAnswers
from backend.routes import (
    attempts,
    audit,
    backups,
    caps,
    decisions,
    drafts,
    examples,
    health,
    imports,
    line_ups,
    metrics,
    notifications,
    people,
    pilots,
    plans,
    prices,
    projections,
    published,
    reports,
    retention,
    reviews,
    runs,
    scaling,
    schedules,
    sign_in,
    team_sign_in,
    throughput,
    tokens,
    views,
    webhooks,
    workers,
)
from backend.routes.guarded import is_guarded
from backend.routes.turns import turns
from backend.services.tokens import bootstrap
from backend.serving.loop_lag import watched_loop
from backend.serving.observer import Observer
from backend.settings import Settings
from backend.threads.backup_schedule import BackupSchedule
from backend.threads.importer import Importer
from backend.threads.judge import Judge
from backend.threads.periodic import Periodic
from backend.threads.reaper import Reaper
from backend.threads.room_keeper import RoomKeeper
from backend.threads.sender import Sender
from backend.unit_of_work import Installation
from backend.vitals import Vitals
from backend.webhook.network import Network
from backend.wire import problem_json
from backend.wire.description import DescribedApi

THREADS = 10
"""That answer at once; the loop has to take turns with them, so that more make everything late."""

ROUTERS = (
    health,  # what is asked most comes first: routes are tried in their order
    attempts,
    runs,
    pilots,
    workers,
    metrics,
    sign_in,
    team_sign_in,
    examples,
    published,
    drafts,
    plans,
    schedules,
    scaling,
    throughput,
    prices,
    projections,
    reviews,
    line_ups,
    views,
    decisions,
    imports,
    reports,
    caps,
    notifications,
    webhooks,
    tokens,
    people,
    audit,
    backups,
    retention,
)


def create_app(
    settings: Settings, *, clock: Clock | None = None, network: Network | None = None
) -> FastAPI:
    """The API of one installation; its database is opened when the application starts."""
    time_source = clock or Clock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        make_private_folder(settings.data_dir)
        with held(settings.data_dir):
            installation = open_installation(settings, time_source)
            app.state.installation = installation
            app.state.writer_lock = asyncio.Lock()
            app.state.turns = turns()
            app.state.shared = SharedAnswers(
                moment=lambda: installation.moment, monotonic_s=time_source.monotonic_s
            )
            current_default_thread_limiter().total_tokens = THREADS
            threads = threads_of(installation, network or Network())
            for thread in threads:
                thread.start()
            app.state.vitals.threads = threads
            app.state.vitals.room = installation.room
            try:
                async with watched_loop(installation.instruments):
                    yield
            finally:
                for thread in threads:
                    thread.stopped.set()
                for thread in reversed(threads):
                    thread.stop()
                installation.database.close()

    app = DescribedApi(
        title="Paybatch",
        version=VERSION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.vitals = Vitals(data_dir=settings.data_dir)
    app.serve(every_route())
    problem_json.install(app)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Observer)
    return app


@cache
def every_route() -> tuple[APIRoute, ...]:
    """The routes of every application of this process, each of which asks who comes.

    They stand in one list: FastAPI would look through each included router twice for every request.

    Raises:
        LookupError: One would let anybody in.
    """
    listed = (route for module in ROUTERS for route in module.router.routes)
    routes = tuple(route for route in listed if isinstance(route, APIRoute))
    if unguarded := [route.path for route in routes if not is_guarded(route)]:
        raise LookupError(f"not of a router that guarded() made: {unguarded}")
    return routes


def threads_of(installation: Installation, network: Network) -> tuple[Periodic, ...]:
    """Everything that no request does."""
    threads: tuple[Periodic, ...] = (
        Reaper(installation),
        Judge(installation),
        Sender(installation, network),
        UsesWriter(installation.uses, installation.database),
        RoomKeeper(installation),
        Importer(installation),
    )
    every_h = installation.settings.backup_every_h
    if every_h:
        threads += (BackupSchedule(installation, every_h=every_h),)
    return threads


def prepare(settings: Settings) -> None:
    """Does before a server runs what can be refused: holds the folder, upgrades the database.

    Raises:
        Refusal: Another API runs on this data folder, the database is of a newer program, or there
            is no room for the backup before an upgrade.
    """
    make_private_folder(settings.data_dir)
    with held(settings.data_dir):
        open_installation(settings, Clock()).database.close()


def open_installation(settings: Settings, clock: Clock) -> Installation:
    """Opens the database at the schema of this version, with its first tokens.

    Raises:
        Refusal: It is of a newer program, or there is no room for the backup before an upgrade.
    """
    database = open_database(settings)
    backups = BackupMaker(settings, database, now=clock.now)
    try:
        upgrade(database, before=partial(keep_before_upgrade, backups))
    except BaseException:
        database.close()  # another start may go on with it
        raise
    principals = Principals()
    database.watch(principals)
    settled = Settled()
    database.watch(settled)
    changes = Changes()
    database.watch(changes)
    installation = Installation(
        settings=settings,
        database=database,
        clock=clock,
        leases=Leases(term_s=settings.lease_s, monotonic_s=clock.monotonic_s),
        principals=principals,
        settled=settled,
        changes=changes,
        backups=backups,
        provider=provider_of(settings, clock),
        room=_room(settings, clock),
    )
    bootstrap(installation)
    return installation


def _room(settings: Settings, clock: Clock) -> Room:
    """The reserve on the disk; none where the database is on another."""
    ballast_bytes = settings.ballast_mib * 2**20 if settings.database_url is None else 0
    room = Room(settings.data_dir, ballast_bytes=ballast_bytes, monotonic_s=clock.monotonic_s)
    room.look()
    return room
