"""Production trainings after a sign-off, as people enter them."""

from uuid import uuid4

from backend.repositories import decisions
from backend.services import adoptions, audit, occurrences, phases
from backend.tables import ProductionResultRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import encode
from backend.wire.problems import conflict, not_found
from planner.decisions.production_result import ProductionResult
from planner.decisions.realised import check_result
from planner.exchange.decisions import Adoption
from planner.exchange.production_files import FileWithdrawal


def enter(work: UnitOfWork, result: ProductionResult, *, pilot_id: str) -> Adoption:
    """Stores one training.

    Raises:
        RequestError: There is no such pilot, or nothing was promised that it could be held against.
        Refusal: It ended before the sign-off or in the future, or its cost is in another currency.
    """
    pilot = phases.existing(work, pilot_id)
    promised = adoptions.promised_in(work, decisions.of_pilot(work.session, pilot_id))
    if promised is None:
        raise conflict("nothing_promised")
    check_result(
        promised.promise,
        result,
        signed_on=promised.signed_on,
        today=work.now.date().isoformat(),
    )
    row = ProductionResultRow(
        id=uuid4().hex,
        pilot_id=pilot_id,
        result=encode(result),
        day=result.day,
        entered_at=work.now,
        entered_by=work.principal.name,
    )
    decisions.add(work.session, row)
    after = {"pilot_id": pilot_id, **row.result}
    audit.record(work, "production_result.enter", row.id, None, after)
    adoption = adoptions.after(work, pilot_id)
    occurrences.of_adoption(work, pilot, adoption)
    return adoption


def withdraw(work: UnitOfWork, result_id: str, *, reason: str) -> Adoption:
    """Lets a training count no longer; it stays stored.

    Raises:
        RequestError: There is none, or it was withdrawn already.
    """
    row = decisions.result(work.session, result_id)
    if row is None:
        raise not_found("production_result", result_id)
    if row.withdrawn_at is not None:
        raise conflict("result_withdrawn_already")
    row.withdrawn_at = work.now
    work.session.flush()
    before = encode(adoptions.kept_result(row))
    audit.record(work, "production_result.withdraw", result_id, before, {"reason": reason})
    return adoptions.after(work, row.pilot_id)


def withdraw_file(work: UnitOfWork, order: FileWithdrawal, *, pilot_id: str) -> Adoption:
    """Lets every training of a file count no longer; they stay stored.

    Raises:
        RequestError: There is no such pilot, or nothing of that file counts.
    """
    phases.existing(work, pilot_id)
    found = []
    for row in decisions.results(work.session, pilot_id):
        origin = adoptions.kept_result(row).origin
        if origin is not None and origin.sha256 == order.sha256:
            found.append(row)
    if not found:
        raise conflict("results_of_file_missing")
    for row in found:
        row.withdrawn_at = work.now
    work.session.flush()
    before = {"sha256": order.sha256, "results": len(found)}
    audit.record(
        work, "production_result.withdraw_file", pilot_id, before, {"reason": order.reason}
    )
    return adoptions.after(work, pilot_id)
