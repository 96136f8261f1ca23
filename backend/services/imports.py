"""Files of runs that were measured elsewhere: brought, mapped, read, and said what they are of."""

from dataclasses import replace
from functools import partial

from backend.disk.uploads import Upload, Uploads
from backend.repositories import imports
from backend.services import audit
from backend.tables import ImportRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import conflict, not_found
from planner.exchange.imports import (
    AT_WORK,
    ImportPhase,
    ImportRead,
    ImportRefusal,
    ImportState,
)
from planner.imports.look import Look
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import check_answered
from planner.imports.terms import ImportTerms


def bring(work: UnitOfWork, upload: Upload) -> ImportState:
    """Keeps a file that was received; what it holds is looked at next."""
    row = ImportRow(
        id=upload.id,
        file_name=upload.file_name,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        phase="looking",
        created_at=work.now,
        created_by=work.principal.name,
    )
    imports.add(work.session, row)
    told = {"file_name": row.file_name, "sha256": row.sha256, "size_bytes": row.size_bytes}
    audit.record(work, "import.bring", row.id, None, told)
    return _state(work, row)


def bring_once(work: UnitOfWork, _: tuple[str, str], *, upload: Upload) -> ImportState:
    """The same for a request that may be repeated."""
    return bring(work, upload)


def state(work: UnitOfWork, import_id: str, *, brief: bool = False) -> ImportState:
    """Where an import stands; a brief answer leaves out what was found, read and said.

    Raises:
        RequestError: There is none.
    """
    told = _brief if brief else _state
    return told(work, _existing(work, import_id, brief=brief))


def map_columns(work: UnitOfWork, import_id: str, mapping: ColumnMapping) -> ImportState:
    """Takes what the columns of a file say; the file is read under it next.

    Raises:
        RequestError: There is no such import, or it is at work or over.
        Refusal: The mapping leaves a question open.
    """
    row = _open(work, import_id)
    check_answered(mapping)
    row.mapping, row.read, row.refusal, row.phase = encode(mapping), None, None, "reading"
    Uploads(work.settings.data_dir).touch(import_id)
    audit.record(work, "import.map", import_id, None, {"columns": list(mapping.columns)})
    return _state(work, row)


def create(work: UnitOfWork, terms: ImportTerms, *, import_id: str) -> ImportState:
    """Takes what a file does not say; its runs are stored as a pilot next.

    Raises:
        RequestError: There is no such import, it is at work or over, or was not read yet.
    """
    row = _open(work, import_id)
    if row.read is None:
        raise conflict("import_not_read")
    row.terms, row.refusal, row.phase = encode(terms), None, "storing"
    Uploads(work.settings.data_dir).touch(import_id)
    audit.record(work, "import.create", import_id, None, {"name": terms.name})
    return _state(work, row)


def discard(work: UnitOfWork, import_id: str) -> ImportState:
    """Throws a file away whose runs are not stored.

    Raises:
        RequestError: There is no such import, or it is at work or over.
    """
    row = _open(work, import_id, failed_too=True)
    told = _state(work, row)
    imports.remove(work.session, row)
    audit.record(work, "import.discard", import_id, {"file_name": row.file_name}, None)
    work.once_committed(partial(Uploads(work.settings.data_dir).remove, import_id))
    return told


def _existing(work: UnitOfWork, import_id: str, *, brief: bool = False) -> ImportRow:
    find = imports.find_brief if brief else imports.find
    row = find(work.session, import_id)
    if row is None:
        raise not_found("import", import_id)
    return row


def _open(work: UnitOfWork, import_id: str, *, failed_too: bool = False) -> ImportRow:
    row = _existing(work, import_id)
    if row.phase in AT_WORK:
        raise conflict("import_at_work")
    if row.phase == "done" or (row.phase == "failed" and not failed_too):
        raise conflict("import_over")
    return row


def _state(work: UnitOfWork, row: ImportRow) -> ImportState:
    return replace(
        _brief(work, row),
        found=decode(Look, row.found) if row.found else None,
        mapping=decode(ColumnMapping, row.mapping) if row.mapping else None,
        read=decode(ImportRead, row.read) if row.read else None,
        terms=decode(ImportTerms, row.terms) if row.terms else None,
    )


def _brief(work: UnitOfWork, row: ImportRow) -> ImportState:
    """What is asked for again and again while the API is at work."""
    phase: ImportPhase = decode(ImportPhase, row.phase)  # type: ignore[arg-type]  # one of its words
    at_work = row.phase in AT_WORK
    return ImportState(
        id=row.id,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        created_at=row.created_at,
        created_by=row.created_by,
        phase=phase,
        same_as=imports.pilot_of_file(work.session, row.sha256) if row.phase != "done" else None,
        progress_fraction=work.installation.progress.get(row.id, 0.0) if at_work else None,
        refusal=decode(ImportRefusal, row.refusal) if row.refusal else None,
        pilot_id=row.pilot_id,
    )
