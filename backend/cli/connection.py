"""Where a command finds a running Paybatch, and with which token it speaks to it."""

import os
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from backend.access.security import load_credentials
from backend.cli.client import Client
from backend.cli.installation import address
from backend.settings import Settings
from backend.wire.problems import InputError, Problem
from planner.refusal import require

_ADDRESS = re.compile(r"https?://[^/?#\s]+")

Command = TypeVar("Command", bound=Callable[..., Any])


def url_option(command: Command) -> Command:
    """Adds ``--url``, the address of a running API."""
    return click.option(
        "--url",
        default=None,
        envvar="PAYBATCH_URL",
        callback=_check_url,
        help="Address of the API; without it the one that the settings name.",
    )(command)


def connect(url: str | None, settings: Settings) -> Client:
    """A client of the API with the owner's token, or with ``PAYBATCH_TOKEN``.

    Raises:
        InputError: No token is known here.
    """
    target = url or address(settings)
    token = os.environ.get("PAYBATCH_TOKEN")
    if token is None:
        kept = load_credentials(settings.credentials_path)
        token = kept.admin_token if kept else None
    if token is None:
        raise InputError((Problem(field="", code="token_missing", params={"url": target}),))
    return Client(target, token)


def _check_url(_context: click.Context, _parameter: click.Parameter, url: str | None) -> str | None:
    is_address = url is None or bool(_ADDRESS.match(url))
    require(is_address, "url", "api_url_wrong")
    return url
