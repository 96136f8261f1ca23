"""``paybatch open``: another link that signs a browser in."""

from typing import get_args
from urllib.parse import urlsplit

import click

from backend.cli.connection import connect, url_option
from backend.cli.options import language_option
from backend.settings import current_settings
from planner.exchange.access import USUAL_LINK_MINUTES, Role, SignInLinkRequest
from planner.exchange.loopback import is_loopback
from wording.catalogue import say
from wording.language import Language

SECONDS_A_MINUTE = 60


@click.command(
    "open",
    epilog="""\b
Examples:
  paybatch open
  paybatch open --name Aiko --role viewer --valid-minutes 60 --url https://paybatch.example
""",
)
@click.option("--name", default=None, help="Somebody else's, as the audit trail shows it.")
@click.option(
    "--role", type=click.Choice(get_args(Role)), default=None, help="What they may do; with --name."
)
@click.option(
    "--valid-minutes",
    type=int,
    default=USUAL_LINK_MINUTES,
    show_default=True,
    help="Within which it has to be followed.",
)
@url_option
@language_option
def open_page(
    name: str | None, role: Role | None, valid_minutes: int, url: str | None, language: Language
) -> None:
    """Prints a link that opens the pages of a running Paybatch, once.

    It is for a browser of your own, or for a colleague's: then say who they are and what they may,
    and with --url under which address their browser reaches the API: the link has the same, unless
    PAYBATCH_ORIGIN is set there.
    """
    request = SignInLinkRequest(name=name, role=role, valid_minutes=valid_minutes)
    with connect(url, current_settings()) as client:
        link = client.make_sign_in_link(request)
    click.echo(link.url)
    minutes = round(link.expires_in_s / SECONDS_A_MINUTE)
    click.echo(say("cli.link_once", language, minutes=minutes), err=True)
    if name is not None and is_loopback(urlsplit(link.url).hostname or ""):
        click.echo(say("cli.link_here_only", language), err=True)
