"""Decisions on pilots: gates, snapshots, and what production made of them."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Request, Response

from backend.routes.dependencies import IdempotencyKey, Reading, Writing, installation_of
from backend.routes.guarded import guarded
from backend.routes.turns import IN_TURN
from backend.services import (
    adoptions,
    gates,
    idempotency,
    production_files,
    production_results,
    snapshots,
)
from backend.services.production_files import ReadFile
from backend.unit_of_work import UnitOfWork
from planner.decisions.production_result import ProductionResult
from planner.exchange.decisions import (
    Adoption,
    CriteriaOrder,
    DecisionTerms,
    ReturnOrder,
    SignOff,
)
from planner.exchange.production_files import (
    FileWithdrawal,
    ResultsOrder,
    ResultsPreview,
    ResultsStored,
)
from planner.exchange.states import RunOrder

router = guarded(tags=["decisions"])


@router.post("/pilots/{pilot_id}/adoption:compute", dependencies=IN_TURN)
def look_at_adoption(pilot_id: str, body: DecisionTerms, work: Reading) -> Adoption:
    """Where the decision on a pilot stands, on the given terms; nothing is stored."""
    return adoptions.look(work, pilot_id, body)


@router.post("/pilots/{pilot_id}/adoption:fix-criteria", status_code=201)
def fix_criteria(
    pilot_id: str, body: CriteriaOrder, work: Writing, idempotency_key: IdempotencyKey
) -> Adoption:
    """Fixes the criteria of the gate ahead; they never change afterwards."""
    return _once(work, pilot_id, idempotency_key, body, gates.fix_criteria)


@router.post("/pilots/{pilot_id}/adoption:sign", status_code=201)
def sign(pilot_id: str, body: SignOff, work: Writing, idempotency_key: IdempotencyKey) -> Adoption:
    """Passes the gate ahead on a snapshot of the review."""
    return _once(work, pilot_id, idempotency_key, body, gates.sign)


@router.post("/pilots/{pilot_id}/adoption:return", status_code=201)
def go_back(
    pilot_id: str, body: ReturnOrder, work: Writing, idempotency_key: IdempotencyKey
) -> Adoption:
    """Records the return of production to the baseline schedule."""
    return _once(work, pilot_id, idempotency_key, body, gates.go_back)


@router.post("/pilots/{pilot_id}/production-results", status_code=201)
def enter_result(
    pilot_id: str, body: ProductionResult, work: Writing, idempotency_key: IdempotencyKey
) -> Adoption:
    """Stores a production training."""
    return _once(work, pilot_id, idempotency_key, body, production_results.enter)


def read_file(request: Request, body: ResultsOrder) -> ReadFile:
    """The file of an order, read before anybody waits for the one writer of the database."""
    return production_files.read_file(installation_of(request), body)


BroughtFile = Annotated[ReadFile, Depends(read_file)]


@router.post("/pilots/{pilot_id}/production-results:preview", dependencies=IN_TURN)
def preview_results(pilot_id: str, file: BroughtFile, work: Reading) -> ResultsPreview:
    """What a file of production trainings would add, row by row; nothing is stored."""
    return production_files.preview(work, file, pilot_id=pilot_id)


@router.post("/pilots/{pilot_id}/production-results:import", status_code=201, dependencies=IN_TURN)
def import_results(
    pilot_id: str, file: BroughtFile, work: Writing, idempotency_key: IdempotencyKey
) -> ResultsStored:
    """Stores the production trainings of a file, all of them or none."""
    place = f"{pilot_id} {type(file.order).__name__} {idempotency_key}"

    def make(work: UnitOfWork, _: ResultsOrder) -> ResultsStored:
        return production_files.store(work, file, pilot_id=pilot_id)

    return idempotency.once(work, place, file.order, answer=ResultsStored, make=make)


@router.post("/pilots/{pilot_id}/production-results:withdraw-file")
def withdraw_file(pilot_id: str, body: FileWithdrawal, work: Writing) -> Adoption:
    """Lets all trainings of a file count no longer."""
    return production_results.withdraw_file(work, body, pilot_id=pilot_id)


@router.post("/production-results/{result_id}:withdraw")
def withdraw_result(result_id: str, body: RunOrder, work: Writing) -> Adoption:
    """Lets a production training count no longer."""
    return production_results.withdraw(work, result_id, reason=body.reason)


@router.get(
    "/snapshots/{snapshot_id}",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "As it was signed."}},
)
def read_snapshot(snapshot_id: str, work: Reading) -> Response:
    """The canonical JSON of a signed review, byte for byte; its hash is the entity tag."""
    row = snapshots.body_of(work, snapshot_id)
    headers = {"ETag": f'"{row.sha256}"'}
    return Response(row.body, media_type="application/json", headers=headers)


def _once(
    work: UnitOfWork, pilot_id: str, key: str, order: object, decide: Callable[..., Adoption]
) -> Adoption:
    """Decides on a pilot once for a key; the same order with it gets the same answer."""
    place = f"{pilot_id} {type(order).__name__} {key}"
    make = partial(decide, pilot_id=pilot_id)
    return idempotency.once(work, place, order, answer=Adoption, make=make)
