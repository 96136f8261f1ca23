"""Workers, and what they can train."""

from fastapi import Response

from backend.routes.dependencies import Reading, Writing
from backend.routes.guarded import guarded
from backend.services import claims, waiting, workers
from planner.exchange.states import WorkerState, WorkloadState
from planner.exchange.waiting import WaitingRuns
from planner.exchange.work import (
    Beat,
    BeatReply,
    Claim,
    ClaimRequest,
    WorkerRegistration,
    WorkerWelcome,
)

router = guarded(tags=["workers"])


@router.get("/workers")
def list_workers(work: Reading) -> tuple[WorkerState, ...]:
    """Workers heard of since the API started, and how fast a device like theirs was."""
    return workers.listed(work)


@router.post("/workers", status_code=201)
def register_worker(body: WorkerRegistration, work: Writing) -> WorkerWelcome:
    """Lets a worker in."""
    return workers.register(work, body)


@router.post("/workers/{worker_id}:revoke")
def revoke_worker(worker_id: str, work: Writing) -> WorkerState:
    """Shuts a worker out now; its runs go back to the queue."""
    return workers.revoke(work, worker_id)


@router.post(
    "/workers/{worker_id}/claims",
    response_model=Claim,
    responses={204: {"description": "Nothing is queued for this worker.", "model": None}},
)
def claim_run(worker_id: str, body: ClaimRequest, work: Writing) -> Claim | Response:
    """Hands out the best queued run, and with it what is best trained together with it."""
    claim = claims.claim(work, worker_id, body)
    work.installation.instruments.count("claims", "none" if claim is None else "given")
    return Response(status_code=204) if claim is None else claim


@router.post("/workers/{worker_id}/beats")
def beat(worker_id: str, body: Beat, work: Reading) -> BeatReply:
    """Renews leases and says what is wanted of each run."""
    return workers.beat(work, worker_id, body)


@router.get("/waiting-runs")
def count_waiting_runs(work: Reading) -> tuple[WaitingRuns, ...]:
    """Queued runs by what a worker must be like to take them, for whoever brings workers in."""
    return waiting.waiting(work)


@router.get("/workloads")
def list_workloads(work: Reading) -> tuple[WorkloadState, ...]:
    """Workloads that can be planned, with the workers that train them now."""
    return workers.workloads(work)
