"""The routes of the API about files of runs that were measured elsewhere."""

from urllib.parse import quote
from uuid import uuid4

from frontend.calls.api import Api
from planner.exchange.imports import ImportState
from planner.imports.mapping import ColumnMapping
from planner.imports.terms import ImportTerms
from planner.reviews.effort_to_target import EffortToTarget


def bring(api: Api, content: bytes, *, file_name: str) -> ImportState:
    """A file on its way; what it holds is looked at next."""
    path = f"/api/imports?file_name={quote(file_name, safe='')}"
    headers = {"Content-Type": "application/octet-stream", **_once()}
    return api.post(ImportState, path, content, headers=headers)


def state(api: Api, import_id: str) -> ImportState:
    """Where an import stands."""
    return api.get(ImportState, f"/api/imports/{import_id}")


def brief_state(api: Api, import_id: str) -> ImportState:
    """The same without what was found, read and said, for whoever asks every second."""
    return api.get(ImportState, f"/api/imports/{import_id}", {"brief": "true"})


def map_columns(api: Api, import_id: str, mapping: ColumnMapping) -> ImportState:
    """Says what the columns of a file are."""
    return api.post(ImportState, f"/api/imports/{import_id}/mapping", mapping, method="PUT")


def create(api: Api, import_id: str, terms: ImportTerms) -> ImportState:
    """Says what the file does not; its runs are stored next."""
    return api.post(ImportState, f"/api/imports/{import_id}:create", terms, headers=_once())


def discard(api: Api, import_id: str) -> None:
    """Throws a file away."""
    api.post(None, f"/api/imports/{import_id}", method="DELETE")


def effort_to_target(api: Api, pilot_id: str) -> EffortToTarget:
    """Steps, samples and epochs to the target of an imported pilot that has no times."""
    return api.get(EffortToTarget, f"/api/pilots/{quote(pilot_id, safe='')}/effort-to-target")


def _once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}
