"""``paybatch token``: credentials for people, programs and workers."""

from typing import get_args

import click

from backend.cli.connection import connect, url_option
from backend.cli.files import write_json
from backend.cli.options import language_option
from backend.codec import encode
from backend.settings import current_settings
from planner.exchange.access import TokenRequest, TokenScope
from wording.catalogue import say
from wording.language import Language


@click.group()
def token() -> None:
    """Makes, lists and revokes credentials of a running Paybatch."""


@token.command(epilog="\b\nExample:\n  paybatch token make --name nightly --scope viewer")
@click.option("--name", required=True, help="Who will hold it.")
@click.option(
    "--scope",
    type=click.Choice(get_args(TokenScope)),
    default="viewer",
    show_default=True,
    help="What it is good for.",
)
@click.option("--valid-days", type=int, default=None, help="Days until it expires.")
@url_option
@language_option
def make(
    name: str, scope: TokenScope, valid_days: int | None, url: str | None, language: Language
) -> None:
    """Makes a token; it is shown only once."""
    request = TokenRequest(name=name, scope=scope, valid_days=valid_days)
    with connect(url, current_settings()) as client:
        made = client.make_token(request)
    click.echo(say("cli.token_once", language, token=made.token or ""))


@token.command("list", epilog="\b\nExample:\n  paybatch token list")
@url_option
@language_option
def list_tokens(url: str | None, language: Language) -> None:
    """Lists every token, without its secret, as JSON."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json([encode(state) for state in client.tokens()], None)


@token.command(epilog="\b\nExample:\n  paybatch token revoke TOKEN_ID")
@click.argument("token_id")
@url_option
@language_option
def revoke(token_id: str, url: str | None, language: Language) -> None:
    """Ends a token now; "paybatch token list" shows the id of each."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json(encode(client.revoke_token(token_id)), None)
