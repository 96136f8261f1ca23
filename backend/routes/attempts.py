"""What a running attempt writes; all of it is fenced."""

from backend.routes.dependencies import Writing
from backend.routes.guarded import guarded
from backend.services import attempts, probes, recovery, rollbacks, run_logs
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.run_log import LogAck, LogChunk
from planner.exchange.states import RunState
from planner.exchange.work import AttemptStart, CheckpointRecord, Finish, SeriesAck, SeriesChunk
from planner.pilots.divergence import NextAttempt, RolledBack

router = guarded(tags=["attempts"], prefix="/api/runs/{run_id}/attempts/{number}")


@router.post("/start", status_code=204)
def start_attempt(run_id: str, number: int, body: AttemptStart, work: Writing) -> None:
    """Says from which step the attempt really starts."""
    attempts.start(work, run_id, number, body)


@router.post("/series")
def add_series(run_id: str, number: int, body: SeriesChunk, work: Writing) -> SeriesAck:
    """Stores a chunk; the answer means that it is on disk."""
    return attempts.ingest(work, run_id, number, body)


@router.post("/checkpoints", status_code=201)
def add_checkpoint(
    run_id: str, number: int, body: CheckpointRecord, work: Writing
) -> CheckpointRecord:
    """Registers a saved state."""
    attempts.checkpoint(work, run_id, number, body)
    return body


@router.post("/throughput", status_code=201)
def add_throughput(
    run_id: str, number: int, body: ThroughputCurve, work: Writing
) -> ThroughputCurve:
    """Stores what a probe measured."""
    probes.throughput(work, run_id, number, body)
    return body


@router.post("/scaling", status_code=201)
def add_scaling(run_id: str, number: int, body: ScalingCurve, work: Writing) -> ScalingCurve:
    """Stores what a probe measured on several devices."""
    probes.scaling(work, run_id, number, body)
    return body


@router.post("/log")
def add_log_lines(run_id: str, number: int, body: LogChunk, work: Writing) -> LogAck:
    """Stores lines that the trainer printed; the answer means that they are on disk."""
    return run_logs.take_in(work, run_id, number, body)


@router.post("/rollback")
def roll_back_attempt(run_id: str, number: int, body: RolledBack, work: Writing) -> NextAttempt:
    """Ends the attempt after a divergence and opens the next one, under the same claim."""
    return rollbacks.roll_back(work, run_id, number, body)


@router.post("/finish")
def finish_attempt(run_id: str, number: int, body: Finish, work: Writing) -> RunState:
    """Ends the attempt."""
    if body.outcome == "lost":
        return recovery.report_lost(work, run_id, number, body)
    return attempts.finish(work, run_id, number, body)
