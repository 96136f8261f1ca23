"""``paybatch production``: files of production trainings, held against what was promised."""

from pathlib import Path

import click

from backend.cli.connection import connect, url_option
from backend.cli.files import read, write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from planner.decisions.results_mapping import ResultsMapping
from wording.language import Language

MAPPING = click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="What the file says, in YAML or JSON.",
)


@click.group()
def production() -> None:
    """Takes production trainings from files, to lay them over what a pilot promised.

    PILOT is its whole id: what follows "pilot=" in the link of a page about it.
    """


@production.command(
    "preview",
    epilog="\b\nExample:\n  paybatch production preview PILOT trainings.csv --mapping mapping.yaml",
)
@click.argument("pilot_id", metavar="PILOT")
@click.argument("file", type=click.Path(path_type=Path))
@MAPPING
@url_option
@language_option
def preview(pilot_id: str, file: Path, mapping: Path, url: str | None, language: Language) -> None:
    """Tells what becomes of every training of FILE, as JSON; nothing is stored."""
    del language  # only refusals are told in a language here
    said = read(ResultsMapping, mapping)
    with connect(url, current_settings()) as client:
        write_json(encode(client.preview_results(pilot_id, file, said)), None)


@production.command(
    "import",
    epilog="\b\nExample:\n  paybatch production import PILOT trainings.csv --mapping mapping.yaml",
)
@click.argument("pilot_id", metavar="PILOT")
@click.argument("file", type=click.Path(path_type=Path))
@MAPPING
@url_option
@language_option
def import_results(
    pilot_id: str, file: Path, mapping: Path, url: str | None, language: Language
) -> None:
    """Stores the trainings of FILE, a table or a log of runs: all of them, or none.

    The same file again adds nothing: its trainings are known.
    """
    del language
    said = read(ResultsMapping, mapping)
    with connect(url, current_settings()) as client:
        write_json(encode(client.import_results(pilot_id, file, said)), None)


@production.command(
    "withdraw",
    epilog='\b\nExample:\n  paybatch production withdraw PILOT SHA256 --reason "wrong unit"',
)
@click.argument("pilot_id", metavar="PILOT")
@click.argument("sha256", metavar="SHA256")
@click.option("--reason", required=True, help="Why.")
@url_option
@language_option
def withdraw(pilot_id: str, sha256: str, reason: str, url: str | None, language: Language) -> None:
    """Lets all trainings of a file count no longer; SHA256 is the hash that its import told."""
    del language
    with connect(url, current_settings()) as client:
        write_json(encode(client.withdraw_results(pilot_id, sha256, reason=reason)), None)
