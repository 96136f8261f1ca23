"""``paybatch up``, ``api`` and ``worker``: the programs that run until they are stopped."""

import dataclasses
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from backend.cli.client import Client
from backend.cli.installation import Running, address, devices_here, has_page, start
from backend.cli.leaving import leave_on_signals
from backend.cli.options import (
    Failed,
    device_count_option,
    devices_option,
    language_option,
)
from backend.cli.processes import (
    HEALTHY_WITHIN_S,
    Children,
    EndedEarly,
    NotHealthy,
    is_taken,
    version_at,
)
from backend.serving.api import serve
from backend.settings import Settings, current_settings
from planner.exchange.access import SignInLinkRequest
from wording.catalogue import say
from wording.language import Language

_OTHER_PORT = 8300

BUSY_S = 10.0
"""Within so much a Paybatch answers that is busy, such as one whose page and worker start."""

SETTINGS = """\b
Settings come from the environment; these are the defaults:
  PAYBATCH_HOST=127.0.0.1  PAYBATCH_PORT=8200  PAYBATCH_PAGE_PORT=8201
  PAYBATCH_DATA_DIR=data   PAYBATCH_DATASETS_DIR (as --data)
  PAYBATCH_ORIGIN (where a proxy serves page and API under one address; links lead there)
  PAYBATCH_PAGE_URL (where people open the page, for links in what is sent to the webhook)
  PAYBATCH_BACKUP_EVERY_H=24 (0: none)  PAYBATCH_BACKUPS_KEPT=7  PAYBATCH_BALLAST_MIB=16 (0: none)
  PAYBATCH_BACKUP_BEFORE_UPGRADE=1 (0: none)
"""


@click.command(
    epilog=f"""\b
Example:
  paybatch up --port 8300 --device cpu

{SETTINGS}"""
)
@click.option("--port", type=int, default=None, help="Instead of PAYBATCH_PORT.")
@click.option("--page-port", type=int, default=None, help="Instead of PAYBATCH_PAGE_PORT.")
@devices_option()
@device_count_option
@click.option(
    "--data",
    "datasets",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    metavar="DIR",
    help="Data sets as published, for the workers; instead of PAYBATCH_DATASETS_DIR.",
)
@click.option(
    "--store",
    default=None,
    metavar="URL",
    help="Where all workers keep checkpoints: a folder or s3://bucket/folder.",
)
@language_option
def up(
    port: int | None,
    page_port: int | None,
    devices: Sequence[str],
    device_count: int,
    datasets: Path | None,
    store: str | None,
    language: Language,
) -> None:
    """Starts API, page and a worker per device, prints one link; stops all on Ctrl-C."""
    settings = _at_ports(current_settings(), port, page_port)
    if datasets is not None:
        settings = dataclasses.replace(settings, datasets_dir=datasets)
    _refuse_taken_ports(settings, language)
    leaving = leave_on_signals()
    console = Console(stderr=True)
    try:
        with Children(leaving, told=partial(_tell_of_worker, language)) as children:
            with console.status(say("cli.waiting", language, name="Paybatch")):
                running = start(
                    children,
                    settings,
                    devices=devices or devices_here(),
                    cpu_processes=device_count,
                    leaving=leaving,
                    with_page=has_page(),
                    workers_come_back=True,
                    store=store,
                )
            if running is not None:
                click.echo(say("cli.ready", language, url=_link(running)))
                click.echo(say("cli.link_hint", language))
                click.echo(say("cli.stop_hint", language))
                children.watch(leaving)
            click.echo(say("cli.stopping", language), err=True)
    except EndedEarly as ended:
        how = how_ended(ended.code, language)
        raise Failed(say("cli.ended_early", language, name=ended.name, how=how)) from ended
    except NotHealthy as late:
        text = say("cli.not_healthy", language, seconds=HEALTHY_WITHIN_S)
        raise Failed(text) from late


def _tell_of_worker(language: Language, name: str, code: int, pause_s: float) -> None:
    """One line, below what the worker said last."""
    how = how_ended(code, language)
    click.echo(say("cli.worker_again", language, name=name, how=how, seconds=pause_s), err=True)


def how_ended(code: int, language: Language) -> str:
    """An exit code, or the signal that ended a program, in words."""
    if code < 0:
        known = {one.value: one.name for one in signal.Signals}
        return say("cli.by_signal", language, signal=known.get(-code, str(-code)))
    return say("cli.with_code", language, code=code)


def _at_ports(settings: Settings, port: int | None, page_port: int | None) -> Settings:
    """The settings at other ports; one beside the API's where only that was named."""
    if port is not None and page_port is None:
        page_port = port + 1
    return dataclasses.replace(
        settings,
        port=settings.port if port is None else port,
        page_port=settings.page_port if page_port is None else page_port,
    )


def _refuse_taken_ports(settings: Settings, language: Language) -> None:
    """Before anything is started: both ports are free.

    Raises:
        Failed: Another Paybatch answers there, or another program.
    """
    url = address(settings)
    version = version_at(url, patience_s=BUSY_S)
    if version is not None:
        raise Failed(say("cli.already_up", language, url=url, version=version))
    for port in (settings.port, settings.page_port):
        if is_taken(settings.host, port):
            raise Failed(say("cli.port_taken", language, port=str(port), other=str(_OTHER_PORT)))


def _link(running: Running) -> str:
    """Signs the owner's browser in."""
    with Client(running.url, running.admin_token) as client:
        return client.make_sign_in_link(SignInLinkRequest()).url


@click.command(
    epilog=f"""\b
Example:
  PAYBATCH_PORT=8300 paybatch api

{SETTINGS}"""
)
@language_option
def api(language: Language) -> None:
    """Serves the API alone, on this computer only unless told otherwise."""
    del language  # only refusals are told in a language here
    serve(current_settings())


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog="""\b
Example:
  paybatch worker --api http://127.0.0.1:8200 --token-file data/registration.token \\
      --data-dir data/workers/cpu --device cpu

\b
Everything behind "worker" goes to the worker; its own help:
  paybatch worker -- --help
""",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@language_option
def worker(arguments: Sequence[str], language: Language) -> None:
    """Runs one worker, which claims runs, trains and measures."""
    del language  # the worker speaks to engineers, in English
    ended = subprocess.run([sys.executable, "-m", "worker", *arguments], check=False)  # noqa: S603
    sys.exit(ended.returncode)
