"""``paybatch doctor``: what is installed, what is reachable, and what to do about it."""

import platform
import sys
from collections.abc import Callable

import click
from rich.console import Console

from backend.cli import inspection
from backend.cli.doors import (
    check_credentials,
    check_database,
    check_hosts,
    check_people,
    check_sign_in,
    check_webhook,
)
from backend.cli.finding import Finding
from backend.cli.options import language_option
from backend.settings import Settings, current_settings
from planner.exchange.loopback import is_loopback
from wording.catalogue import say
from wording.language import Language

OLDEST_PYTHON = (3, 11)
NEEDED_GIB = 2.0


@click.command(epilog="\b\nExample:\n  paybatch doctor --lang ja")
@language_option
def doctor(language: Language) -> None:
    """Checks this computer; each line is OK, or a problem with what to do about it."""
    settings = current_settings()
    console = Console(stderr=True)
    findings = []
    for check in CHECKS:
        with console.status(say("cli.checking", language)):
            findings.append(check(settings))
        click.echo(_line(findings[-1], language))
    if not all(finding.well for finding in findings):
        sys.exit(1)


def check_python(_settings: Settings) -> Finding:
    """The interpreter's version."""
    outcome = "ok" if sys.version_info >= OLDEST_PYTHON else "problem"
    return Finding(key="python", outcome=outcome, params={"version": platform.python_version()})


def check_packages(_settings: Settings) -> Finding:
    """Versions of the packages that results and services rest on."""
    versions = inspection.package_versions()
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        return Finding(key="packages", outcome="problem", params={"missing": ", ".join(missing)})
    shown = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Finding(key="packages", outcome="ok", params={"versions": shown})


def check_sqlite(_settings: Settings) -> Finding:
    """The SQLite that the database would use."""
    version, needed, safe = inspection.sqlite()
    return Finding(
        key="sqlite",
        outcome="ok" if safe else "problem",
        params={"version": version, "needed": needed},
    )


def check_data(settings: Settings) -> Finding:
    """Who can read and write the data folder."""
    private = inspection.is_private(settings.data_dir)
    return Finding(
        key="data",
        outcome="ok" if private else "problem",
        params={"path": str(settings.data_dir.resolve())},
    )


def check_data_place(settings: Settings) -> Finding:
    """Whether locks hold where the data folder lies."""
    file_system = inspection.network_file_system(settings.data_dir)
    if file_system is None:
        return Finding(key="data_place", outcome="ok")
    return Finding(key="data_place", outcome="problem", params={"file_system": file_system})


def check_disk(settings: Settings) -> Finding:
    """Room for checkpoints and measurements."""
    free_gib = inspection.free_gib(settings.data_dir)
    return Finding(
        key="disk",
        outcome="ok" if free_gib >= NEEDED_GIB else "problem",
        params={
            "path": str(settings.data_dir.resolve()),
            "free_gib": round(free_gib, 1),
            "needed_gib": NEEDED_GIB,
        },
    )


def check_open_to(settings: Settings) -> Finding:
    """Who can reach the API."""
    local = is_loopback(settings.host)
    return Finding(
        key="open_to", outcome="ok" if local else "problem", params={"host": settings.host}
    )


def check_port(settings: Settings) -> Finding:
    """Whether the port is free, or Paybatch's own."""
    running = inspection.running_version(settings)
    if running is not None:
        params: dict[str, str | float] = {"port": str(settings.port), "version": running}
        return Finding(key="port", outcome="used", params=params)
    outcome = "ok" if inspection.port_is_free(settings) else "problem"
    return Finding(key="port", outcome=outcome, params={"port": str(settings.port)})


def check_torch(_settings: Settings) -> Finding:
    """Whether a worker can train, asked in a program of its own: the API never loads torch."""
    answer = inspection.torch()
    if answer.problem is not None:
        return Finding(key="torch", outcome="problem", params={"detail": answer.problem})
    return Finding(
        key="torch", outcome="ok", params={"version": answer.version, "device": answer.device}
    )


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    check_python,
    check_packages,
    check_sqlite,
    check_data,
    check_data_place,
    check_disk,
    check_open_to,
    check_hosts,
    check_credentials,
    check_database,
    check_sign_in,
    check_port,
    check_people,
    check_webhook,
    check_torch,
)


def _line(finding: Finding, language: Language) -> str:
    mark = say("doctor.ok" if finding.well else "doctor.problem", language)
    return f"{mark}: " + say(f"doctor.{finding.key}.{finding.outcome}", language, **finding.params)
