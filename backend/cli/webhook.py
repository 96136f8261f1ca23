"""``paybatch webhook``: where a running Paybatch sends its notifications."""

import click

from backend.cli.client import Client
from backend.cli.connection import connect, url_option
from backend.cli.files import write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from paybatch.connection import new_key
from planner.exchange.webhooks import WebhookOrder, WebhookState
from wording.catalogue import say
from wording.language import Language

PATH = "/api/webhook"


@click.group()
def webhook() -> None:
    """Sends notifications to another program: off until an address is set."""


@webhook.command(
    "set", epilog="\b\nExample:\n  paybatch webhook set https://hooks.example.com/take"
)
@click.argument("address")
@url_option
@language_option
def set_address(address: str, url: str | None, language: Language) -> None:
    """Sends them to ADDRESS from now on; the secret that signs them is shown only once."""
    order = WebhookOrder(url=address)
    with connect(url, current_settings()) as client:
        answer = client.connection.send(WebhookState, "PUT", PATH, body=order)
    click.echo(say("cli.webhook_secret_once", language, secret=answer.secret or ""))


@webhook.command(epilog="\b\nExample:\n  paybatch webhook show")
@url_option
@language_option
def show(url: str | None, language: Language) -> None:
    """Writes where they are sent and how the last ones went, as JSON."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        _write(client.connection.send(WebhookState, "GET", PATH))


@webhook.command(epilog="\b\nExample:\n  paybatch webhook off")
@url_option
@language_option
def off(url: str | None, language: Language) -> None:
    """Sends nothing any longer, nor what still waits."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        _write(client.connection.send(WebhookState, "POST", f"{PATH}:off"))


@webhook.command("test", epilog="\b\nExample:\n  paybatch webhook test")
@url_option
@language_option
def send_test(url: str | None, language: Language) -> None:
    """Sends a test; `paybatch webhook show` tells how it went."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        _write(_tested(client))


def _tested(client: Client) -> WebhookState:
    return client.connection.send(WebhookState, "POST", f"{PATH}:test", headers=new_key())


def _write(state: WebhookState) -> None:
    write_json(encode(state), None)
