"""``paybatch report``: files for the meeting, of a stored pilot or of a folder of measurements."""

from datetime import UTC, datetime
from pathlib import Path

import click

from backend.cli.connection import connect, url_option
from backend.cli.measured import read_measured
from backend.cli.options import language_option
from backend.cli.report_files import drawn_here, made_by_api, orders_of
from backend.reports.formats import FORMATS
from backend.reports.pilot_folder import MEASUREMENTS
from backend.services.report_sources import source_of
from backend.services.reviews import input_of
from backend.settings import current_settings
from planner.exchange.report_files import ReportOrder
from planner.reviews.review_input import ReviewRequest
from wording.language import Language

EXAMPLE = """\b
Example, of a pilot in a running Paybatch, and of a folder without one:
  paybatch report 3f2a --format pdf --format pptx --lang ja --out meeting/
  paybatch report out/ --format pdf --lang en
"""


@click.command(epilog=EXAMPLE)
@click.argument("pilot")
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(FORMATS)),
    multiple=True,
    default=("pdf",),
    show_default=True,
    help="Kind of file; may be given again for another.",
)
@click.option("--schedule", default=None, help="Candidate instead of the one of the verdict.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder for the files; without it this one.",
)
@url_option
@language_option
def report(
    pilot: str,
    formats: tuple[str, ...],
    schedule: str | None,
    folder: Path,
    url: str | None,
    language: Language,
) -> None:
    """Writes reports of PILOT: its id in a running Paybatch, or the folder of "pilot run".

    --lang is the language of the files, too. A running Paybatch keeps every file that it makes.
    """
    order = ReportOrder(format="pdf", language=language, schedule=schedule)
    orders = orders_of(dict.fromkeys(formats), order)
    if (Path(pilot) / MEASUREMENTS).exists():
        evidence, look = read_measured(Path(pilot) / MEASUREMENTS)
        given = input_of(evidence, ReviewRequest(evidence=evidence), look=look)
        today = datetime.now(tz=UTC).date().isoformat()
        source = source_of(given, schedule=schedule, reported_on=today)
        for path in drawn_here(source, orders, folder):
            click.echo(path)
        return
    with connect(url, current_settings()) as client:
        for path in made_by_api(client, pilot, orders, folder):
            click.echo(path)
