"""``paybatch retention``: what is old and what nothing rests on; told first, removed on order."""

from collections import Counter
from collections.abc import Iterator

import click

from backend.cli.client import Client
from backend.cli.connection import connect, url_option
from backend.cli.options import language_option
from backend.settings import current_settings
from planner.exchange.retention import RetentionOrder, RetentionState
from wording.catalogue import say
from wording.language import Language
from wording.meters import memory
from wording.numbers import number


@click.command(
    epilog="""\b
Example:
  paybatch retention --older-than 365
  paybatch retention --older-than 365 --apply
"""
)
@click.option("--older-than", "days", type=int, required=True, metavar="DAYS", help="Age in days.")
@click.option("--apply", "applies", is_flag=True, help="Removes it; else it is only told.")
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="Says that the clock is right although nothing was recorded for many days.",
)
@url_option
@language_option
def retention(
    days: int, *, applies: bool, clock_is_right: bool, url: str | None, language: Language
) -> None:
    """Removes detail of old pilots without a decision, old logs, drafts, credentials and backups.

    What a decision, a snapshot or a report rests on always stays. It goes in portions, so that
    nobody waits; whoever interrupts it gives the same order again.
    """
    order = RetentionOrder(older_than_days=days, clock_is_right=clock_is_right)
    counts, sizes = Counter[str](), Counter[str]()
    with connect(url, current_settings()) as client:
        for state in _portions(client, order, applies=applies):
            counts.update({item.kind: item.count for item in state.items})
            sizes.update({item.kind: item.size_bytes for item in state.items})
    for kind, count in counts.items():
        size = memory(sizes[kind], language)
        told = say(f"retention.kind.{kind}", language, count=number(count, language), size=size)
        click.echo(told)
    click.echo(say("retention.removed" if applies else "retention.only_told", language))


def _portions(client: Client, order: RetentionOrder, *, applies: bool) -> Iterator[RetentionState]:
    """Every answer until nothing is left; what is only told is told at once."""
    state = client.retention(order, applies=applies)
    yield state
    while applies and state.left:
        state = client.retention(order, applies=applies)
        yield state
