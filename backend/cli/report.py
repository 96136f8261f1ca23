"""``paybatch report``: files for the meeting, of a stored pilot, a folder or a record."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from backend.cli.connection import connect, url_option
from backend.cli.measured import read_measured
from backend.cli.options import language_option
from backend.cli.report_files import drawn_here, made_by_api, orders_of, read_record
from backend.reports.formats import FORMATS
from backend.reports.pilot_folder import MEASUREMENTS
from backend.reports.report_source import ReportSource
from backend.services.report_sources import source_in, source_of
from backend.services.reviews import input_of
from backend.settings import current_settings
from planner.exchange.report_files import ReportOrder
from planner.reviews.review_input import ReviewRequest
from wording.language import Language

EXAMPLE = """\b
Example, of a pilot in a running Paybatch, and of a folder without one:
  paybatch report PILOT --format pdf --format pptx --lang ja --out meeting/
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
    """Writes reports of PILOT.

    PILOT is the whole id of a pilot in a running Paybatch (what follows "pilot=" in the link of a
    page about it), which keeps every file that it makes, or the
    folder of "pilot run", or a report in JSON, from which every other file is written again.
    --lang is the language of the files, too.
    """
    order = ReportOrder(format="pdf", language=language, schedule=schedule)
    orders = orders_of(dict.fromkeys(formats), order)
    source = _source_here(Path(pilot), schedule)
    if source is not None:
        _tell(drawn_here(source, orders, folder))
        return
    with connect(url, current_settings()) as client:
        _tell(made_by_api(client, pilot, orders, folder))


def _source_here(place: Path, schedule: str | None) -> ReportSource | None:
    """What lies at a path of this computer; None where nothing does."""
    if place.is_file():
        record = read_record(place)
        return source_in(replace(record, schedule=schedule or record.schedule))
    if not (place / MEASUREMENTS).exists():
        return None
    evidence, look = read_measured(place / MEASUREMENTS)
    given = input_of(evidence, ReviewRequest(evidence=evidence), look=look)
    today = datetime.now(tz=UTC).date().isoformat()
    return source_of(given, schedule=schedule, reported_on=today)


def _tell(written: Iterable[Path]) -> None:
    for path in written:
        click.echo(path)
