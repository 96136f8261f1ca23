"""``paybatch import run``: a file of runs that were measured elsewhere becomes a pilot."""

import threading
from pathlib import Path

import click

from backend.cli.client import Client
from backend.cli.connection import connect, url_option
from backend.cli.files import read, write_json
from backend.cli.options import language_option
from backend.settings import current_settings
from backend.wire.codec import encode
from backend.wire.problems import InputError, Params, Problem
from paybatch.connection import new_key
from paybatch.packed import as_file
from planner.exchange.imports import AT_WORK, ImportState
from planner.imports.mapping import ColumnMapping
from planner.imports.terms import ImportTerms
from planner.refusal import require
from wording.language import Language

ASKS_EVERY_S = 0.5


@click.command(
    "run",
    epilog="\b\nExample:\n  paybatch import run runs.csv --mapping mapping.yaml --terms terms.yaml",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", type=click.Path(path_type=Path), required=True, help="What the columns are."
)
@click.option(
    "--terms", type=click.Path(path_type=Path), required=True, help="What the file does not say."
)
@url_option
@language_option
def import_run(file: Path, mapping: Path, terms: Path, url: str | None, language: Language) -> None:
    """Imports FILE, a file or folder of logged runs, as a pilot that is ready to be reviewed."""
    del language  # only refusals are told in a language here
    said, asked = read(ColumnMapping, mapping), read(ImportTerms, terms)
    require(file.exists(), "file", "file_not_found")
    file = file.resolve() if file.is_dir() else file  # "." has a name, too
    with connect(url, current_settings()) as client, as_file(file) as packed:
        send = client.connection.send
        query = {"file_name": file.name}
        state = client.connection.send_file(ImportState, "/api/imports", packed, params=query)
        state = _settled(client, state)
        path = f"/api/imports/{state.id}"
        send(ImportState, "PUT", f"{path}/mapping", body=said)
        state = _settled(client, state)
        send(ImportState, "POST", f"{path}:create", body=asked, headers=new_key())
        state = _settled(client, state)
        write_json({"pilot_id": state.pilot_id, "import": encode(state)}, None)


def _settled(client: Client, state: ImportState) -> ImportState:
    """Where an import stands when the API has nothing to do for it.

    Raises:
        InputError: It refused the last step.
    """
    send, path = client.connection.send, f"/api/imports/{state.id}"
    while state.phase in AT_WORK:
        threading.Event().wait(ASKS_EVERY_S)
        state = send(ImportState, "GET", path, params={"brief": "true"})
    state = send(ImportState, "GET", path)
    if state.refusal is not None:
        told = state.refusal
        params: Params = dict(told.params)
        raise InputError((Problem(field=told.field, code=told.code, params=params),))
    return state
