"""``paybatch audit``: who changed what in a running Paybatch, and when."""

import click

from backend.cli.connection import connect, url_option
from backend.cli.files import write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from planner.exchange.access import AuditEntry
from planner.exchange.states import Page
from planner.money import require_day
from wording.language import Language

MOST_PAGES = 10**6


def _check_day(_context: click.Context, _parameter: click.Parameter, day: str | None) -> str | None:
    if day is not None:
        require_day(day, "day")
    return day


@click.command(epilog="\b\nExample:\n  paybatch audit --principal owner --day 2026-11-01")
@click.option("--subject", default=None, help="Only changes of what has this id.")
@click.option("--principal", default=None, help="Only changes by whom has this name.")
@click.option(
    "--day",
    default=None,
    callback=_check_day,
    help="Only changes of a day of UTC, such as 2026-11-01.",
)
@click.option(
    "--page",
    type=click.IntRange(min=1, max=MOST_PAGES),
    default=1,
    show_default=True,
    help="Part of the list.",
)
@url_option
@language_option
def audit(
    subject: str | None,
    principal: str | None,
    day: str | None,
    page: int,
    url: str | None,
    language: Language,
) -> None:
    """Prints changes, newest first, as JSON: who, what, before and after."""
    del language  # only refusals are told in a language here
    given = {"subject": subject, "principal": principal, "day": day}
    params = {name: value for name, value in given.items() if value is not None}
    with connect(url, current_settings()) as client:
        found = client.connection.send(
            Page[AuditEntry], "GET", "/api/audit", params={**params, "page": page}
        )
    write_json(encode(found), None)
