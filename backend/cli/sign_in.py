"""``paybatch open``: another link that signs a browser in."""

import click

from backend.cli.connection import connect, url_option
from backend.cli.options import language_option
from backend.settings import current_settings
from wording.catalogue import say
from wording.language import Language

SECONDS_A_MINUTE = 60


@click.command("open", epilog="\b\nExample:\n  paybatch open")
@url_option
@language_option
def open_page(url: str | None, language: Language) -> None:
    """Prints a link that opens the pages of a running Paybatch, once and within ten minutes."""
    with connect(url, current_settings()) as client:
        link = client.make_sign_in_link()
    click.echo(link.url)
    minutes = round(link.expires_in_s / SECONDS_A_MINUTE)
    click.echo(say("cli.link_once", language, minutes=minutes), err=True)
