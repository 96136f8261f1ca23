"""Everything that an attempt may write, for tests in which it may not any more."""

from planner.exchange.run_log import LogChunk
from planner.exchange.work import AttemptStart, CheckpointRecord, Claim, Finish
from tests.support.planted_worker import PlantedWorker, chunks_of, falling_loss, table_of

KINDS = ("start", "series", "checkpoints", "throughput", "log", "finish")


def every_write(worker: PlantedWorker, claim: Claim) -> dict[str, object]:
    """A body for each kind of write of a claim's only run."""
    (run,) = claim.runs
    chunk = chunks_of(run, table_of(run), lambda *_: falling_loss(0.2))[0]
    path = f"{run.run_id}/a{run.attempt}/step-8"
    return {
        "start": AttemptStart(from_step=0),
        "series": chunk,
        "checkpoints": CheckpointRecord(step=8, path=path, sha256="0" * 64, size_bytes=1),
        "throughput": worker.curve,
        "log": LogChunk(first_line=1, lines=("late",)),
        "finish": Finish(outcome="failed", step=8, wall_clock_s=1.0, final_metrics={}),
    }
