"""The routes of the API about decisions, one typed function each."""

from collections.abc import Sequence
from uuid import uuid4

from frontend.calls.api import Api
from planner.decisions.gate import Criterion
from planner.decisions.production_result import ProductionResult
from planner.exchange.decisions import (
    Adoption,
    CriteriaOrder,
    DecisionTerms,
    ReturnOrder,
    SeedsOrder,
    SignOff,
)
from planner.exchange.production_files import (
    FileWithdrawal,
    ResultsOrder,
    ResultsPreview,
    ResultsStored,
)
from planner.exchange.states import PilotState, RunOrder


def adoption(api: Api, pilot_id: str, terms: DecisionTerms) -> Adoption:
    """Where the decision on a pilot stands, on the given terms."""
    return api.post(Adoption, f"/api/pilots/{pilot_id}/adoption:compute", terms)


def add_seeds(api: Api, pilot_id: str, seeds: int) -> PilotState:
    """Adds seeds to a finished pilot, for another look."""
    path = f"/api/pilots/{pilot_id}:add-seeds"
    return api.post(PilotState, path, SeedsOrder(seeds=seeds), headers=_once())


def fix_criteria(api: Api, pilot_id: str, criteria: Sequence[Criterion]) -> Adoption:
    """Fixes the criteria of the gate ahead."""
    body = CriteriaOrder(criteria=tuple(criteria))
    return _order(api, pilot_id, "adoption:fix-criteria", body)


def sign(api: Api, pilot_id: str, order: SignOff) -> Adoption:
    """Passes the gate ahead."""
    return _order(api, pilot_id, "adoption:sign", order)


def go_back(api: Api, pilot_id: str, order: ReturnOrder) -> Adoption:
    """Records the return to the baseline schedule."""
    return _order(api, pilot_id, "adoption:return", order)


def enter_result(api: Api, pilot_id: str, result: ProductionResult) -> Adoption:
    """Stores a production training."""
    return _order(api, pilot_id, "production-results", result)


def preview_results(api: Api, pilot_id: str, order: ResultsOrder) -> ResultsPreview:
    """What a file of production trainings would add."""
    path = f"/api/pilots/{pilot_id}/production-results:preview"
    return api.post(ResultsPreview, path, order)


def import_results(api: Api, pilot_id: str, order: ResultsOrder) -> ResultsStored:
    """Stores the production trainings of a file."""
    path = f"/api/pilots/{pilot_id}/production-results:import"
    return api.post(ResultsStored, path, order, headers=_once())


def withdraw_file(api: Api, pilot_id: str, *, sha256: str, reason: str) -> Adoption:
    """Lets all trainings of a file count no longer."""
    path = f"/api/pilots/{pilot_id}/production-results:withdraw-file"
    return api.post(Adoption, path, FileWithdrawal(sha256=sha256, reason=reason))


def withdraw_result(api: Api, result_id: str, *, reason: str) -> Adoption:
    """Lets a production training count no longer."""
    path = f"/api/production-results/{result_id}:withdraw"
    return api.post(Adoption, path, RunOrder(reason=reason))


def _order(api: Api, pilot_id: str, what: str, body: object) -> Adoption:
    return api.post(Adoption, f"/api/pilots/{pilot_id}/{what}", body, headers=_once())


def _once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}
