"""Files of production trainings: what they would add, and what they add, all of it or nothing."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from backend.disk.uploads import Uploads
from backend.repositories import decisions
from backend.repositories import imports as brought_files
from backend.services import adoptions, audit, imports, occurrences, phases
from backend.services.training_logs import trainings_of_log
from backend.services.training_tables import trainings_of_table
from backend.tables import PilotRow, ProductionResultRow
from backend.unit_of_work import Installation, UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import InputError, Params, Problem, conflict
from planner.decisions.production_result import KeptResult
from planner.decisions.result_rows import FileTraining, HeldAgainst, ResultRow, judged
from planner.decisions.results_mapping import ResultsMapping, open_questions
from planner.exchange.imports import AT_WORK, ImportState
from planner.exchange.production_files import (
    FoundScheduleUse,
    ResultsOrder,
    ResultsPreview,
    ResultsStored,
)
from planner.imports.look import Look
from planner.imports.questions import Question
from planner.refusal import Refusal, require

LARGEST_BYTES = 64 * 2**20
"""Of a file that is read while somebody waits."""

MOST_TOLD = 100
"""Refusals that one answer names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file under its mapping, read before any row of the database is held.

    Attributes:
        order: What was asked.
        trainings: None where the file is gone, as once it was stored.
        asked: What must be said before it can be read.
    """

    order: ResultsOrder
    trainings: tuple[FileTraining, ...] | None
    asked: tuple[Question, ...] = ()


def read_file(installation: Installation, order: ResultsOrder) -> ReadFile:
    """The trainings of a file.

    Raises:
        RequestError: It is looked at just now, or could not be.
        Refusal: It is too large, or not what the mapping says.
    """
    with installation.database.read() as session:
        row = brought_files.find(session, order.import_id)
        if row is None:
            return ReadFile(order=order, trainings=None)
        if row.phase == "done":
            raise conflict("import_over")
        if row.phase in AT_WORK:
            raise conflict("import_at_work")
        found, size_bytes, file_name = row.found, row.size_bytes, row.file_name
    if found is None:
        raise conflict("import_over")
    large = size_bytes > LARGEST_BYTES
    require(not large, "file", "results_file_too_large", most_mib=LARGEST_BYTES // 2**20)
    asked = open_questions(order.mapping)
    if asked:
        return ReadFile(order=order, trainings=(), asked=asked)
    return ReadFile(
        order=order,
        trainings=tuple(_trainings(installation, order, decode(Look, found), file_name=file_name)),
    )


def _trainings(
    installation: Installation, order: ResultsOrder, found: Look, *, file_name: str
) -> list[FileTraining]:
    path = Uploads(installation.settings.data_dir).path_of(order.import_id)
    if order.mapping.runs is not None:
        return trainings_of_log(path, order.mapping, found, file_name=file_name)
    require(found.form == "csv", "file", "results_no_table")
    return trainings_of_table(path, order.mapping)


def preview(work: UnitOfWork, file: ReadFile, *, pilot_id: str) -> ResultsPreview:
    """What becomes of every training of a file; nothing is stored.

    Raises:
        RequestError: There is no such pilot or file, or nothing was promised yet.
    """
    pilot = phases.existing(work, pilot_id)
    state = _brought(work, file.order.import_id)
    against = _against(work, pilot)
    trainings, mapping = file.trainings or (), file.order.mapping
    return ResultsPreview(
        file_name=state.file_name,
        sha256=state.sha256,
        asked=file.asked,
        schedules=_schedules(trainings, mapping, against),
        rows=_rows(trainings, mapping, against, state),
    )


def store(work: UnitOfWork, file: ReadFile, *, pilot_id: str) -> ResultsStored:
    """Stores every new training of a file, or none; the file itself goes.

    Raises:
        RequestError: There is no such pilot or file, or nothing was promised yet.
        InputError: A question is open, or a training cannot be taken.
    """
    pilot = phases.existing(work, pilot_id)
    state = _brought(work, file.order.import_id)
    against = _against(work, pilot)
    for question in file.asked:
        raise Refusal(f"mapping.{question.field}", question.code, **question.params)
    rows = _rows(file.trainings or (), file.order.mapping, against, state)
    _check_taken(rows)
    new = [row.result for row in rows if row.fate == "new" and row.result is not None]
    decisions.add_results(work.session, [_stored(work, pilot_id, result) for result in new])
    fates = Counter(row.fate for row in rows)
    told = {"file_name": state.file_name, "sha256": state.sha256, "stored": len(new)}
    told |= {"known": fates["known"], "left_out": fates["left_out"]}
    audit.record(work, "production_result.import", pilot_id, None, told)
    _let_go(work, state)
    adoption = adoptions.after(work, pilot_id)
    occurrences.of_adoption(work, pilot, adoption)
    return ResultsStored(
        file_name=state.file_name,
        sha256=state.sha256,
        stored=len(new),
        known=fates["known"],
        left_out=fates["left_out"],
        adoption=adoption,
    )


def _brought(work: UnitOfWork, import_id: str) -> ImportState:
    """The file, unless it became a pilot, or is at work since it was read."""
    state = imports.state(work, import_id)
    if state.phase in AT_WORK:
        raise conflict("import_at_work")
    if state.phase == "done":
        raise conflict("import_over")
    return state


def _against(work: UnitOfWork, pilot: PilotRow) -> HeldAgainst:
    promised = adoptions.promised_in(work, decisions.of_pilot(work.session, pilot.id))
    if promised is None:
        raise conflict("nothing_promised")
    return HeldAgainst(
        promise=promised.promise,
        baseline=phases.pilot_of(pilot).baseline.name,
        signed_on=promised.signed_on,
        today=work.now.date().isoformat(),
        kept=tuple(map(adoptions.kept_result, decisions.results(work.session, pilot.id))),
    )


def _rows(
    trainings: tuple[FileTraining, ...],
    mapping: ResultsMapping,
    against: HeldAgainst,
    state: ImportState,
) -> tuple[ResultRow, ...]:
    return judged(trainings, mapping, against, file_name=state.file_name, sha256=state.sha256)


def _schedules(
    trainings: tuple[FileTraining, ...], mapping: ResultsMapping, against: HeldAgainst
) -> tuple[FoundScheduleUse, ...]:
    counts = Counter(one.schedule for one in trainings if one.schedule)
    return tuple(
        FoundScheduleUse(name=name, trainings=count, use=against.use_of(name, mapping))
        for name, count in counts.items()
    )


def _check_taken(rows: tuple[ResultRow, ...]) -> None:
    """Refuses a file of which any training is, each at its place."""
    problems = []
    for row in rows:
        place = f"runs.{row.name}" if row.line is None else f"lines[{row.line}]"
        for one in row.refusals:
            params: Params = dict(one.params)
            named = f"{place}.{one.column}" if one.column else place
            problems.append(Problem(field=named, code=one.code, params=params))
    if problems:
        raise InputError(tuple(problems[:MOST_TOLD]))


def _stored(work: UnitOfWork, pilot_id: str, result: KeptResult) -> ProductionResultRow:
    return ProductionResultRow(
        id=uuid4().hex,
        pilot_id=pilot_id,
        result=encode(result),
        day=result.day,
        entered_at=work.now,
        entered_by=work.principal.name,
    )


def _let_go(work: UnitOfWork, state: ImportState) -> None:
    """The file is no longer wanted: what it said is stored."""
    row = brought_files.find(work.session, state.id)
    if row is not None:
        brought_files.remove(work.session, row)
    work.once_committed(partial(Uploads(work.settings.data_dir).remove, state.id))
