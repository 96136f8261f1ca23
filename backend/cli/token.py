"""``paybatch token``: credentials for people, programs and workers."""

from typing import get_args

import click

from backend.access.access_matrix import people_may, programs_may
from backend.cli.connection import connect, url_option
from backend.cli.files import write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from planner.exchange.access import TokenRequest, TokenScope
from wording.catalogue import say
from wording.language import Language


@click.group()
def token() -> None:
    """Makes, lists and revokes credentials of a running Paybatch."""


@token.command(
    epilog="""\b
Examples:
  paybatch token make --name nightly --scope viewer
  paybatch token make --name archive --scope viewer --never-expires
"""
)
@click.option("--name", required=True, help="Who will hold it.")
@click.option(
    "--scope",
    type=click.Choice(get_args(TokenScope)),
    default="viewer",
    show_default=True,
    help="What it is good for.",
)
@click.option(
    "--valid-days",
    type=int,
    default=None,
    help="Days until it expires; 90 if nothing is said, but a registration goes on.",
)
@click.option("--never-expires", is_flag=True, help="It goes on until it is revoked.")
@url_option
@language_option
def make(
    name: str,
    scope: TokenScope,
    valid_days: int | None,
    url: str | None,
    language: Language,
    *,
    never_expires: bool,
) -> None:
    """Makes a token; it is shown only once."""
    request = TokenRequest(
        name=name, scope=scope, valid_days=valid_days, never_expires=never_expires
    )
    with connect(url, current_settings()) as client:
        made = client.make_token(request)
    click.echo(say("cli.token_once", language, token=made.token or ""))


@token.command("list", epilog="\b\nExample:\n  paybatch token list")
@click.option("--ended", is_flag=True, help="Those too that expired or were revoked.")
@url_option
@language_option
def list_tokens(url: str | None, language: Language, *, ended: bool) -> None:
    """Lists tokens and sessions, without their secrets, newest first, as JSON."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json([encode(state) for state in client.tokens(live=not ended)], None)


@token.command(epilog="\b\nExample:\n  paybatch token roles")
@language_option
def roles(language: Language) -> None:
    """Prints which role and which credential may use which route, as Markdown."""
    del language  # routes are described in English
    click.echo(f"{people_may()}\n\n{programs_may()}")


@token.command(epilog="\b\nExample:\n  paybatch token revoke TOKEN_ID")
@click.argument("token_id")
@url_option
@language_option
def revoke(token_id: str, url: str | None, language: Language) -> None:
    """Ends a token now; "paybatch token list" shows the id of each."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json(encode(client.revoke_token(token_id)), None)


@token.command(epilog="\b\nExample:\n  paybatch token workers")
@url_option
@language_option
def workers(url: str | None, language: Language) -> None:
    """Lists the workers that were heard of since the API started, as JSON."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json([encode(state) for state in client.workers()], None)


@token.command("revoke-worker", epilog="\b\nExample:\n  paybatch token revoke-worker WORKER_ID")
@click.argument("worker_id")
@url_option
@language_option
def revoke_worker(worker_id: str, url: str | None, language: Language) -> None:
    """Shuts a worker out now; "paybatch token workers" shows the id of each.

    Its runs go back to the queue. To keep it from registering again, revoke the registration token
    that it has.
    """
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        write_json(encode(client.revoke_worker(worker_id)), None)
