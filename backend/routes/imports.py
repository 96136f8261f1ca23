"""Files of runs that were measured elsewhere."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from backend.access.guard import FILE_KIND, is_file
from backend.disk.uploads import Upload, Uploads
from backend.routes.dependencies import IdempotencyKey, Reading, Writing, installation_of
from backend.routes.guarded import guarded
from backend.services import idempotency, imports
from planner.bounds import LONGEST_NAME, check_name
from planner.exchange.imports import ImportState
from planner.imports.mapping import ColumnMapping
from planner.imports.terms import ImportTerms
from planner.refusal import require

router = guarded(tags=["imports"])

_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {FILE_KIND: {"schema": {"type": "string", "format": "binary"}}},
    }
}

Brief = Annotated[
    bool, Query(description="Without what was found, read and said: for whoever asks often.")
]

FileName = Annotated[str, Query(min_length=1, max_length=LONGEST_NAME)]


async def received(
    request: Request, file_name: FileName, idempotency_key: IdempotencyKey
) -> AsyncIterator[Upload]:
    """The file, on the disk before anybody waits for the one writer of the database.

    It goes again where the request is refused after it came.
    """
    del idempotency_key  # refused before the first byte is taken, where it is missing
    check_name(file_name, "file_name")
    require(is_file(request.headers), "", "not_a_file_body")
    uploads = Uploads(installation_of(request).settings.data_dir)
    size_bytes = int(request.headers.get("content-length", "0"))
    upload = await uploads.receive(request.stream(), file_name=file_name, size_bytes=size_bytes)
    try:
        yield upload
    except Exception:
        await run_in_threadpool(uploads.remove, upload.id)
        raise


@router.post("/imports", status_code=201, openapi_extra=_FILE_BODY)
def bring_file(
    upload: Annotated[Upload, Depends(received, scope="function")],
    work: Writing,
    idempotency_key: IdempotencyKey,
) -> ImportState:
    """Takes a file: its bytes are the body. What it holds is looked at next; ask again."""
    said = (upload.file_name, upload.sha256)
    make = partial(imports.bring_once, upload=upload)
    key = f"import {idempotency_key}"
    told = idempotency.once(work, key, said, answer=ImportState, make=make)
    if told.id != upload.id:
        Uploads(work.settings.data_dir).remove(upload.id)
    return told


@router.get("/imports/{import_id}")
def read_import(import_id: str, work: Reading, brief: Brief = False) -> ImportState:
    """Where an import stands, and how far the work on it is."""
    return imports.state(work, import_id, brief=brief)


@router.put("/imports/{import_id}/mapping")
def map_import(import_id: str, body: ColumnMapping, work: Writing) -> ImportState:
    """Says what the columns of a file are; it is read under that next."""
    return imports.map_columns(work, import_id, body)


@router.post("/imports/{import_id}:create")
def create_import(
    import_id: str, body: ImportTerms, work: Writing, idempotency_key: IdempotencyKey
) -> ImportState:
    """Says what the file does not; its runs become a pilot, all of them or none."""
    make = partial(imports.create, import_id=import_id)
    key = f"{import_id} {idempotency_key}"
    return idempotency.once(work, key, body, answer=ImportState, make=make)


@router.delete("/imports/{import_id}")
def discard_import(import_id: str, work: Writing) -> ImportState:
    """Throws a file away whose runs are not stored."""
    return imports.discard(work, import_id)
