"""Pilots."""

from functools import partial

from fastapi import Request, Response

from backend.remembered.shared_answers import SharedAnswers
from backend.routes.dependencies import (
    IdempotencyKey,
    PageNumber,
    PageSize,
    Reading,
    SearchText,
    Writing,
)
from backend.routes.guarded import guarded
from backend.services import (
    efforts,
    idempotency,
    live,
    more_seeds,
    phases,
    pilots,
    records,
    rollback_procedures,
    summaries,
)
from backend.wire.codec import adapter
from planner.exchange.decisions import SeedsOrder
from planner.exchange.page_states import LiveView, PilotSummary
from planner.exchange.states import CapRaise, Page, PilotRequest, PilotState, RunOrder
from planner.measurements.measurement import RunRecord
from planner.pilots.pilot import PilotPhase
from planner.reviews.effort_to_target import EffortToTarget
from planner.reviews.rollback_procedure import RollbackProcedure

router = guarded(tags=["pilots"])


@router.post("/pilots", status_code=201)
def create_pilot(body: PilotRequest, work: Writing, idempotency_key: IdempotencyKey) -> PilotState:
    """Starts a pilot; a repeated request with the same key gets the same answer."""
    return idempotency.once(work, idempotency_key, body, answer=PilotState, make=pilots.create)


@router.get("/pilots")
def list_pilots(
    work: Reading,
    status: PilotPhase | None = None,
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[PilotState]:
    """Newest pilots first."""
    return pilots.page(work, phase=status, page=page, page_size=page_size)


@router.get("/pilots:summaries")
def list_summaries(
    work: Reading,
    status: PilotPhase | None = None,
    search: SearchText = "",
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[PilotSummary]:
    """Pilots as rows of a list, newest first; ``search`` is part of a name."""
    return summaries.page(work, phase=status, search=search, page=page, page_size=page_size)


@router.get("/pilots/{pilot_id}")
def read_pilot(pilot_id: str, work: Reading) -> PilotState:
    """One pilot."""
    return pilots.state(work, pilot_id)


@router.post("/pilots/{pilot_id}:cancel")
def cancel_pilot(pilot_id: str, body: RunOrder, work: Writing) -> PilotState:
    """Ends a pilot and all its runs."""
    return pilots.cancel(work, pilot_id, reason=body.reason)


@router.post("/pilots/{pilot_id}:raise-cap")
def raise_cap(pilot_id: str, body: CapRaise, work: Writing) -> PilotState:
    """Lets a pilot use more; its capped runs are queued again."""
    return pilots.raise_cap(work, pilot_id, body)


@router.post("/pilots/{pilot_id}:add-seeds")
def add_seeds(
    pilot_id: str, body: SeedsOrder, work: Writing, idempotency_key: IdempotencyKey
) -> PilotState:
    """Adds confirmation seeds to a finished pilot; judging them is another look."""
    add = partial(more_seeds.add, pilot_id=pilot_id)
    key = f"{pilot_id} {idempotency_key}"
    return idempotency.once(work, key, body, answer=PilotState, make=add)


@router.get("/pilots/{pilot_id}/live", response_model=LiveView)
async def watch_pilot(
    request: Request, pilot_id: str, work: Reading, run_id: str | None = None
) -> Response:
    """Everything about a pilot at this moment; ``run_id`` names a run that is looked at closely.

    Pages that look at the same at once are told the same: it is worked out once.
    """

    def make() -> bytes:
        with work.session:
            return adapter(LiveView).dump_json(live.view(work, pilot_id, run_id=run_id))

    shared: SharedAnswers = request.app.state.shared
    content = await shared.once(("live", pilot_id, run_id), make)
    return Response(content, media_type="application/json")


@router.get("/pilots/{pilot_id}/records")
def list_records(pilot_id: str, work: Reading) -> tuple[RunRecord, ...]:
    """Every run with its attempts and live measurements, for reviews and tables."""
    phases.existing(work, pilot_id)
    return records.of_pilot(work, pilot_id)


@router.get("/pilots/{pilot_id}/rollback-procedure")
def read_rollback_procedure(pilot_id: str, work: Reading) -> RollbackProcedure:
    """How the recommended schedule is watched in production and taken back, in measured facts."""
    return rollback_procedures.of_pilot(work, pilot_id)


@router.get("/pilots/{pilot_id}/effort-to-target")
def read_effort_to_target(pilot_id: str, work: Reading) -> EffortToTarget:
    """Steps, samples and epochs to the target of imported runs, with or without their times."""
    return efforts.of_pilot(work, pilot_id)
