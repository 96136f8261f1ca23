"""``paybatch retention``: what is old and what nothing rests on; told first, removed on order."""

import click

from backend.cli.connection import connect, url_option
from backend.cli.options import language_option
from backend.settings import current_settings
from planner.exchange.retention import RetentionOrder
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
@url_option
@language_option
def retention(days: int, *, applies: bool, url: str | None, language: Language) -> None:
    """Removes detail of old pilots without a decision, old logs, drafts, credentials and backups.

    What a decision, a snapshot or a report rests on always stays.
    """
    order = RetentionOrder(older_than_days=days)
    with connect(url, current_settings()) as client:
        state = client.retention(order, applies=applies)
    for item in state.items:
        click.echo(
            say(
                f"retention.kind.{item.kind}",
                language,
                count=number(item.count, language),
                size=memory(item.size_bytes, language),
            )
        )
    click.echo(say("retention.removed" if state.applied else "retention.only_told", language))
