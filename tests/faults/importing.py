"""Imports that end themselves at a given moment: ``python -m tests.faults.importing``."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from backend.tables import ImportRow
from backend.threads.importer import Importer
from planner.exchange.imports import ImportState
from tests.faults.moments import obey
from tests.support.app_in_memory import an_api
from tests.support.brought_files import (
    KNOWN_CSV,
    KNOWN_MAPPING,
    bring,
    create,
    map_columns,
    settled,
)
from tests.support.installation import Api
from tests.support.logged_runs import terms_of_import
from tests.support.processes import wait_until

KEY = {"Idempotency-Key": "create"}


def bring_in(folder: Path, url: str | None) -> None:
    """A file that was mapped and read; the next order stores its runs."""
    with an_api(folder, database_url=url) as api:
        map_columns(api, bring(api, KNOWN_CSV.encode()).id, KNOWN_MAPPING)


def store(folder: Path, url: str | None, begun: Callable[[], object] = lambda: None) -> None:
    """Orders it and stores the runs; ``begun`` is called when the API is there, and quiet."""
    with an_api(folder, database_url=url) as api:
        for thread in api.http.app.state.vitals.threads:  # type: ignore[attr-defined]  # the app's own client
            thread.stop()
        import_id = known(api)
        begun()
        path = f"/api/imports/{import_id}:create"
        api.post(path, terms_of_import(), **KEY).raise_for_status()
        Importer(api.installation).look()


def go_on(folder: Path, url: str | None) -> ImportState:
    """What becomes of it when the API is started again; an order that got lost is sent again."""
    with an_api(folder, database_url=url) as api:
        state = settled(api, known(api))
        if state.phase == "terms":
            state = create(api, state.id, terms_of_import(), key=KEY["Idempotency-Key"])
        files = api.installation.settings.data_dir / "imports"
        wait_until(lambda: not list(files.glob("*/file")), what="the end of the file")
        return state


def known(api: Api) -> str:
    """The one import of the installation."""
    with api.installation.database.read() as session:
        return session.scalars(select(ImportRow.id)).one()


if __name__ == "__main__":
    obey(store)
