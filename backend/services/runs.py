"""Runs as people see and steer them."""

from collections.abc import Sequence

from backend.repositories import run_rows, runs
from backend.repositories.run_rows import ShownRow
from backend.services import audit, budget, phases, run_devices
from backend.services.records import run_of
from backend.tables import PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import conflict, not_found
from planner.exchange.states import Page, RunState
from planner.pilots.run import Purpose, RunEvent, RunStatus, transition
from planner.refusal import Refusal

_WISHES = {"cancel": "cancel", "pause": "pause"}
"""Orders that a running run's trainer carries out first."""


def state(work: UnitOfWork, run_id: str) -> RunState:
    """One run.

    Raises:
        RequestError: There is none.
    """
    row = run_rows.find(work.session, run_id)
    if row is None:
        raise not_found("run", run_id)
    return _states(work, [row])[0]


def page(
    work: UnitOfWork,
    *,
    pilot_id: str | None,
    status: RunStatus | None,
    purpose: Purpose | None,
    page: int,
    page_size: int,
) -> Page[RunState]:
    """Runs by age."""
    rows, total = run_rows.page(
        work.session,
        pilot_id=pilot_id,
        status=status,
        purpose=purpose,
        offset=(page - 1) * page_size,
        limit=page_size,
    )
    return Page(items=_states(work, rows), page=page, page_size=page_size, total=total)


def order(work: UnitOfWork, run_id: str, event: RunEvent, *, reason: str) -> RunState:
    """Cancels, pauses, resumes or retries a run; a running one is asked to stop first.

    Raises:
        RequestError: There is no such run, or its status or its pilot does not allow it.
    """
    row = existing(work, run_id)
    pilot = phases.existing(work, row.pilot_id)
    if pilot.imported is not None:
        raise conflict("run_imported")
    before = {"status": row.status, "wish": row.wish}
    if event == "retry" and row.status == "capped":
        event = "raise_cap"
    after = _after(row.status, event)
    _check_open(work, pilot, row, event, after)
    if row.status == "running":
        row.wish = _WISHES[event]
    else:
        enter(work, row, after)
        phases.advance(work, pilot)
    row.reason, row.detail = "", reason
    work.session.flush()
    told = {"status": row.status, "wish": row.wish, "reason": reason}
    audit.record(work, f"run.{event}", run_id, before, told)
    return state(work, run_id)


def prioritise(work: UnitOfWork, run_id: str, priority: int) -> RunState:
    """Moves a run in the queue; higher is earlier."""
    row = existing(work, run_id)
    if phases.existing(work, row.pilot_id).imported is not None:
        raise conflict("run_imported")
    before = {"priority": row.priority}
    row.priority = priority
    work.session.flush()
    audit.record(work, "run.prioritise", run_id, before, {"priority": priority})
    return state(work, run_id)


def enter(work: UnitOfWork, row: RunRow, status: RunStatus) -> None:
    """Puts a run that is not running into another status."""
    row.status = status
    row.wish = None
    if status == "queued":
        row.ended_at, row.lost_attempts = None, 0
    elif status != "paused":
        row.ended_at = work.now
    work.session.flush()


def existing(work: UnitOfWork, run_id: str) -> RunRow:
    """The stored run.

    Raises:
        RequestError: There is none.
    """
    row = runs.find(work.session, run_id)
    if row is None:
        raise not_found("run", run_id)
    return row


def states(work: UnitOfWork, rows: Sequence[RunRow]) -> tuple[RunState, ...]:
    """Runs as the API shows them."""
    shown = run_rows.several(work.session, [row.id for row in rows])
    return _states(work, [shown[row.id] for row in rows])


def _states(work: UnitOfWork, rows: Sequence[ShownRow]) -> tuple[RunState, ...]:
    queued = [row.id for row in rows if row.status == "queued"]
    places = runs.queue_positions(work.session, queued)
    heard = work.leases.steps_of(row.id for row in rows if row.status == "running")
    too_few = run_devices.waiting_for_devices(work, rows)
    return tuple(
        RunState(
            id=row.id,
            pilot_id=row.pilot_id,
            run=run_of(row),
            status=row.status,
            priority=row.priority,
            attempt=row.attempt,
            step=max(row.step, heard.get(row.id, 0)),
            steps_planned=row.steps_planned,
            queue_position=places.get(row.id),
            reason=run_devices.TOO_FEW if row.id in too_few else row.reason,
            detail=row.detail,
            worker=row.worker,
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
            wall_clock_s=row.wall_clock_s,
            bundle_size=row.bundle_size,
            device_count=row.device_count,
        )
        for row in rows
    )


def _check_open(
    work: UnitOfWork, pilot: PilotRow, row: RunRow, event: RunEvent, after: RunStatus
) -> None:
    """Refuses to let a run wait again that nobody may train, or whose results are judged."""
    if after in ("queued", "paused") and pilot.phase in phases.OVER:
        raise conflict("pilot_over", phase=pilot.phase)
    if event == "raise_cap" and row.purpose != phases.purpose_of(pilot.phase):
        raise conflict("phase_judged")
    if event == "raise_cap" and budget.reached_by(work, pilot, row.id) is not None:
        raise conflict("cap_still_reached")


def _after(status: RunStatus, event: RunEvent) -> RunStatus:
    try:
        return transition(status, event)
    except Refusal as refusal:
        raise conflict(refusal.code, **refusal.params) from refusal
