"""What a running attempt writes: where it starts, its series, checkpoints and outcome.

Every write is fenced: an attempt that is no longer the run's own changes nothing.
"""

from functools import partial

from backend import metric_store
from backend.remembered.unreadable import MOST_IN_ALL
from backend.repositories import attempts, chunks, runs, workers
from backend.services import budget, occurrences, phases, run_devices
from backend.services.runs import state
from backend.tables import AttemptRow, CheckpointRow, ChunkRow, RunRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import RequestError, conflict
from planner.exchange.states import RunState
from planner.exchange.work import (
    AttemptStart,
    CheckpointRecord,
    Finish,
    Outcome,
    SeriesAck,
    SeriesChunk,
)
from planner.pilots.meters import energy_j, spent_s
from planner.pilots.run import RunEvent, transition
from planner.refusal import require

_EVENTS: dict[Outcome, RunEvent] = {
    "succeeded": "succeed",
    "failed": "fail",
    "diverged": "diverge",
    "cancelled": "cancel",
    "paused": "pause",
    "capped": "cap",
    "released": "release",
}

MAY_NOT_READ = "store_refused"
"""Reason of a worker that gives a run back whose checkpoints it may not read."""

_STOPPED_WHEN_ASKED = frozenset({"cancelled", "paused", "capped", "released"})
"""Outcomes of a trainer that was told to stop; what was wished decides what they mean."""


def start(work: UnitOfWork, run_id: str, number: int, begun: AttemptStart) -> None:
    """Notes where an attempt starts; what earlier ones recorded after it is superseded.

    Raises:
        RequestError: The attempt is fenced, or started elsewhere.
    """
    run, attempt = current(work, run_id, number)
    work.installation.unreadable.forget(run_id)
    if attempt.from_step not in (None, begun.from_step):
        raise conflict("attempt_already_started", step=attempt.from_step or 0)
    check_step(run, begun.from_step, "from_step")
    attempt.from_step = begun.from_step
    if begun.bundle_size is not None:
        _share_with(attempt, begun.bundle_size)
    attempt.to_step = max(attempt.to_step, begun.from_step)
    run.step = begun.from_step


def _share_with(attempt: AttemptRow, trained: int) -> None:
    """Fewer than were claimed, where a trainer cannot train them all together: a higher bill."""
    require(
        trained <= attempt.bundle_size, "bundle_size", "above_maximum", maximum=attempt.bundle_size
    )
    attempt.bundle_size = trained
    if trained == 1:
        attempt.execution = "sequential"


def ingest(work: UnitOfWork, run_id: str, number: int, chunk: SeriesChunk) -> SeriesAck:
    """Stores a chunk of series; the answer is sent after the commit.

    Raises:
        RequestError: The attempt is fenced or did not start, or a chunk before this is missing.
    """
    run, attempt = current(work, run_id, number)
    if attempt.from_step is None:
        raise conflict("attempt_not_started")
    if chunk.seq <= attempt.acked_seq:
        return SeriesAck(acked_seq=attempt.acked_seq)
    if chunk.seq > attempt.acked_seq + 1:
        raise conflict("series_gap", expected=attempt.acked_seq + 1)
    require(chunk.steps[0] >= attempt.from_step, "steps[0]", "step_before_start")
    check_step(run, chunk.steps[-1], f"steps[{len(chunk.steps) - 1}]")
    _append(work, attempt, chunk)
    attempt.acked_seq = chunk.seq
    attempt.to_step = max(attempt.to_step, chunk.steps[-1])
    attempt.wall_clock_s = max(attempt.wall_clock_s or 0.0, chunk.wall_clock_s)
    if chunk.group == "evaluation":
        attempt.evaluations += len(chunk.steps)
    if chunk.group == "meters":
        _note_meters(attempt, chunk)
    run.step = max(run.step, chunk.steps[-1])
    work.leases.renew(run_id, number, token=attempt.token, step=run.step)
    work.installation.instruments.count("ingest_chunks")
    work.installation.instruments.count("ingest_points", by=len(chunk.steps))
    return SeriesAck(acked_seq=chunk.seq)


def _note_meters(attempt: AttemptRow, chunk: SeriesChunk) -> None:
    """What reading meters took, and the energy that one told, at which wall clock."""
    attempt.meters_s = min(spent_s(chunk.columns), chunk.wall_clock_s)
    joules = energy_j(chunk.columns)
    if joules:
        attempt.energy_j, attempt.metered_s = joules, chunk.wall_clock_s


def checkpoint(work: UnitOfWork, run_id: str, number: int, saved: CheckpointRecord) -> None:
    """Registers a checkpoint that a later attempt may start from.

    Raises:
        RequestError: The attempt is fenced.
    """
    run, attempt = current(work, run_id, number)
    check_step(run, saved.step, "step")
    expected = f"{run_id}/a{number}/step-{saved.step}"
    require(saved.path == expected, "path", "checkpoint_path_wrong", expected=expected)
    attempts.save_checkpoint(
        work.session,
        CheckpointRow(
            run_id=run_id,
            attempt=number,
            step=saved.step,
            path=saved.path,
            sha256=saved.sha256,
            size_bytes=saved.size_bytes,
            saved_at=work.now,
        ),
    )
    worker = workers.find(work.session, run.worker_id or "")
    run.store_url = worker.store_url if worker else None
    attempt.to_step = max(attempt.to_step, saved.step)


def finish(work: UnitOfWork, run_id: str, number: int, end: Finish) -> RunState:
    """Ends an attempt, and moves its pilot on in the same transaction.

    A repeated finish with the same outcome gets the same answer.

    Raises:
        RequestError: The attempt is fenced, or a success lacks what it must have left.
    """
    earlier = attempts.find(work.session, run_id, number)
    if earlier is not None and earlier.outcome == end.outcome and earlier.ended_at is not None:
        let_go(work, run_id, number)  # the first time may have been committed and not heard of
        return state(work, run_id)
    run, attempt = current(work, run_id, number)
    check_step(run, end.step, "step")
    if end.outcome == "succeeded":
        _check_success(work, run, attempt, end)
    event, stopped_by = _event(work, run, end.outcome)
    if event == "release" and end.reason == MAY_NOT_READ:
        event, stopped_by = _after_refusal(work, run)
    run.status = transition(run.status, event)
    close(work, attempt, outcome=end.outcome, step=end.step, wall_clock_s=end.wall_clock_s)
    run.wish = None
    run.step = end.step
    run.ended_at = None if run.status in ("queued", "paused") else work.now
    run.final_metrics = dict(end.final_metrics)
    run.reason, run.detail = stopped_by or end.reason, end.detail or run.detail
    if end.reason == run_devices.CHANGE:
        run_devices.go_on_with(run, phases.existing(work, run.pilot_id), step=end.step)
    work.session.flush()
    work.installation.instruments.count("attempts_finished", end.outcome)
    let_go(work, run_id, number)
    pilot = phases.existing(work, run.pilot_id)
    occurrences.of_run(work, run, pilot)
    phases.advance(work, pilot)
    occurrences.of_pilot(work, run, pilot)
    return state(work, run_id)


def let_go(work: UnitOfWork, run_id: str, number: int) -> None:
    """The attempt holds neither run nor device any more, whatever beat is still on its way."""
    work.once_committed(partial(work.leases.end, run_id, number))


def close(
    work: UnitOfWork, attempt: AttemptRow, *, outcome: str, step: int, wall_clock_s: float | None
) -> None:
    """Ends an attempt with what is known of its work."""
    attempt.outcome = outcome
    attempt.ended_at = work.now
    if wall_clock_s is not None:
        attempt.wall_clock_s = max(attempt.wall_clock_s or 0.0, wall_clock_s)
    if attempt.from_step is not None:
        attempt.to_step = max(attempt.to_step, step)


def current(work: UnitOfWork, run_id: str, number: int) -> tuple[RunRow, AttemptRow]:
    """The run and attempt, if this attempt may still write.

    Raises:
        RequestError: It is fenced.
    """
    run = runs.current(work.session, run_id, number)
    attempt = attempts.find(work.session, run_id, number)
    if run is None or attempt is None:
        raise _fenced(run_id)
    return run, attempt


def _event(work: UnitOfWork, run: RunRow, outcome: Outcome) -> tuple[RunEvent, str]:
    """What an outcome means for the run, and the key of the cap that stopped it.

    A trainer stopped as asked obeys the last wish. A run that its worker gives back at a cap is
    capped: whoever took it would pass the cap. The key is empty where nobody can tell any longer.
    """
    if run.wish == "cancel" and outcome in _STOPPED_WHEN_ASKED:
        return "cancel", ""
    if run.wish == "pause" and outcome == "released":
        return "pause", ""
    if outcome not in ("capped", "released"):
        return _EVENTS[outcome], ""
    pilot = phases.existing(work, run.pilot_id)
    if outcome == "capped":
        return "cap", budget.reason_of_stop(work, pilot, run.id)
    reached = budget.reached_by(work, pilot, run.id)
    return ("release", "") if reached is None else ("cap", reached.reason)


def _after_refusal(work: UnitOfWork, run: RunRow) -> tuple[RunEvent, str]:
    """A run that nobody may read does not wander from worker to worker for ever."""
    unreadable = work.installation.unreadable
    if unreadable.count(run.id, worker_id=run.worker_id or "") < MOST_IN_ALL:
        return "release", ""
    unreadable.forget(run.id)
    return "fail", "store_refused_too_often"


def _check_success(work: UnitOfWork, run: RunRow, attempt: AttemptRow, end: Finish) -> None:
    """A success is believed only with its work in the database."""
    if run.purpose == "probe":
        if phases.existing(work, run.pilot_id).throughput is None:
            raise conflict("throughput_missing")
        return
    if attempt.from_step is None:
        raise conflict("attempt_not_started")
    planned = run.steps_planned or 0
    require(end.step == planned, "step", "steps_missing", planned=planned)
    if attempt.to_step < planned:
        raise conflict("series_missing", step=attempt.to_step, planned=planned)


def _append(work: UnitOfWork, attempt: AttemptRow, chunk: SeriesChunk) -> None:
    """Adds points to the open chunk, which may close it and open the next."""
    tail = chunks.tail(work.session, attempt.run_id, attempt.number, chunk.group)
    first = tail.number if tail else 0
    known = None
    if tail is not None:
        require(chunk.steps[0] > tail.last_step, "steps[0]", "not_rising", last=tail.last_step)
        known = metric_store.unpack(steps=tail.steps, columns=tail.columns, samples=tail.samples)
    blocks = metric_store.extend(known, metric_store.block_of(chunk))
    for place, block in enumerate(blocks):
        minima, maxima = metric_store.extremes(block)
        chunks.save(
            work.session,
            ChunkRow(
                run_id=attempt.run_id,
                attempt=attempt.number,
                series_group=chunk.group,
                number=first + place,
                first_step=int(block.steps[0]),
                last_step=int(block.steps[-1]),
                points=len(block.steps),
                columns=list(block.columns),
                steps=metric_store.pack(block.steps),
                samples=metric_store.pack(block.samples),
                minima=metric_store.pack(minima),
                maxima=metric_store.pack(maxima),
            ),
        )


def check_step(run: RunRow, step: int, field: str) -> None:
    """Refuses steps that the run's plan does not have."""
    planned = run.steps_planned
    if planned is not None:
        require(step <= planned, field, "step_beyond_plan", planned=planned)


def _fenced(run_id: str) -> RequestError:
    return conflict("attempt_fenced", run_id=run_id)
