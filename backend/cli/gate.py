"""``paybatch gate``: where the decision on a pilot stands, its sign-off, and the way back."""

from typing import TypeVar

import click

from backend.cli.client import Client
from backend.cli.connection import connect, url_option
from backend.cli.files import write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from paybatch.connection import new_key
from planner.exchange.decisions import Adoption, DecisionTerms, ReturnOrder, SeedsOrder, SignOff
from planner.exchange.states import PilotState
from wording.language import Language

Answer = TypeVar("Answer")


@click.group()
def gate() -> None:
    """Shows and passes the gates of a pilot in a running Paybatch.

    PILOT is its whole id: what follows "pilot=" in the link of a page about it.
    """


@gate.command(epilog="\b\nExample:\n  paybatch gate show PILOT")
@click.argument("pilot_id", metavar="PILOT")
@url_option
@language_option
def show(pilot_id: str, url: str | None, language: Language) -> None:
    """Shows stage, criteria, next step and history, as JSON."""
    del language  # only refusals are told in a language here
    with connect(url, current_settings()) as client:
        _tell(
            _ordered(client, Adoption, f"/api/pilots/{pilot_id}/adoption:compute", DecisionTerms())
        )


@gate.command(epilog='\b\nExample:\n  paybatch gate sign PILOT --name "A. Manager" --reason "pays"')
@click.argument("pilot_id", metavar="PILOT")
@click.option("--name", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why.")
@click.option("--override", is_flag=True, help="Sign although a criterion is not met.")
@url_option
@language_option
def sign(
    pilot_id: str, name: str, reason: str, override: bool, url: str | None, language: Language
) -> None:
    """Passes the gate ahead on a snapshot of the review."""
    del language
    order = SignOff(name=name, reason=reason, override=override)
    with connect(url, current_settings()) as client:
        _tell(_ordered(client, Adoption, f"/api/pilots/{pilot_id}/adoption:sign", order))


@gate.command(
    "return", epilog='\b\nExample:\n  paybatch gate return PILOT --name B --reason "slow"'
)
@click.argument("pilot_id", metavar="PILOT")
@click.option("--name", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why.")
@url_option
@language_option
def go_back(pilot_id: str, name: str, reason: str, url: str | None, language: Language) -> None:
    """Records the return of production to the baseline schedule."""
    del language
    order = ReturnOrder(name=name, reason=reason)
    with connect(url, current_settings()) as client:
        _tell(_ordered(client, Adoption, f"/api/pilots/{pilot_id}/adoption:return", order))


@gate.command("add-seeds", epilog="\b\nExample:\n  paybatch gate add-seeds PILOT --seeds 3")
@click.argument("pilot_id", metavar="PILOT")
@click.option("--seeds", type=int, required=True, help="How many, 1 to 10.")
@click.option("--reason", default="", help="Why.")
@url_option
@language_option
def add_seeds(pilot_id: str, seeds: int, reason: str, url: str | None, language: Language) -> None:
    """Adds seeds to a finished pilot; judging them is another look."""
    del language
    order = SeedsOrder(seeds=seeds, reason=reason)
    with connect(url, current_settings()) as client:
        _tell(_ordered(client, PilotState, f"/api/pilots/{pilot_id}:add-seeds", order))


def _ordered(client: Client, kind: type[Answer], path: str, body: object) -> Answer:
    """The answer to an order; a repeated call is another one."""
    return client.connection.send(kind, "POST", path, body=body, headers=new_key())


def _tell(answer: Adoption | PilotState) -> None:
    write_json(encode(answer), None)
