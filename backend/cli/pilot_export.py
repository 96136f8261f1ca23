"""``paybatch pilot export``: the runs of a pilot in MLflow or TensorBoard."""

from pathlib import Path

import click

from backend.cli.connection import connect, url_option
from backend.cli.options import Failed, language_option
from backend.settings import current_settings
from paybatch.trackers import TrackerMissing, to_mlflow, to_tensorboard
from planner.refusal import require
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number


@click.command(
    "export",
    epilog="""\b
Examples:
  paybatch pilot export PILOT --mlflow sqlite:///mlflow.db
  paybatch pilot export PILOT --tensorboard runs/
""",
)
@click.argument("pilot_id", metavar="PILOT")
@click.option("--mlflow", "mlflow_uri", metavar="URI", default=None, help="Address of an MLflow.")
@click.option(
    "--tensorboard",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder that TensorBoard looks at.",
)
@url_option
@language_option
def export(
    pilot_id: str, mlflow_uri: str | None, folder: Path | None, url: str | None, language: Language
) -> None:
    """Writes every run of PILOT that has ended into another tracker, once however often it is run.

    PILOT is its whole id: what follows "pilot=" in the link of a page about it.
    """
    require(mlflow_uri is not None or folder is not None, "", "export_to_nowhere")
    try:
        with connect(url, current_settings()) as client:
            if mlflow_uri is not None:
                _tell("mlflow", to_mlflow(client, pilot_id, mlflow_uri), language)
            if folder is not None:
                _tell("tensorboard", to_tensorboard(client, pilot_id, folder), language)
    except TrackerMissing as missing:
        known = {"package": missing.package, "command": missing.command}
        raise Failed(say("cli.tracker_missing", language, **known)) from missing


def _tell(tracker: str, written: int, language: Language) -> None:
    click.echo(say(f"cli.exported_{tracker}", language, count=number(written, language)))
