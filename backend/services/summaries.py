"""Pilots as rows of a list: everything that a row shows is stored or counted, nothing reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from backend.repositories import pilots
from backend.services import budget, occurrences, phases, reviews
from backend.tables import PilotRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import RequestError
from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.notifications import GateReason
from planner.exchange.page_states import PilotSummary
from planner.exchange.states import Page
from planner.pilots.pilot import PilotPhase
from planner.pilots.run import PHASE_ENDING, RunStatus
from planner.plans.pilot_time import run_counts
from planner.refusal import Refusal
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from planner.reviews.verdict import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVerdict:
    """What a list shows of a review.

    Attributes:
        kind: None where no review can be made of the pilot's own assumptions.
        payback_months: None for never.
        schedule: Candidate that it is about; empty without a review.
        gate: Why the first gate awaits a decision; None where it does not.
    """

    kind: Decision | None
    payback_months: float | None
    schedule: str = ""
    gate: GateReason | None = None


def page(
    work: UnitOfWork, *, phase: PilotPhase | None, search: str, page: int, page_size: int
) -> Page[PilotSummary]:
    """Newest pilots first."""
    rows, total = pilots.page(
        work.session,
        phase=phase,
        search=search,
        offset=(page - 1) * page_size,
        limit=page_size,
    )
    return Page(items=_summaries(work, rows), page=page, page_size=page_size, total=total)


def verdict_of(work: UnitOfWork, pilot_id: str) -> KeptVerdict:
    """The verdict at the pilot's own assumptions."""
    try:
        review = reviews.compute(work, ReviewRequest(pilot_id=pilot_id))
    except (Refusal, RequestError):  # a price that is gone, or nothing was measured
        return KeptVerdict(kind=None, payback_months=None)
    case = next(
        (
            found.case
            for found in review.schedules
            if found.schedule == review.verdict.schedule and found.case is not None
        ),
        None,
    )
    return KeptVerdict(
        kind=review.verdict.kind,
        payback_months=case.payback.months if case else None,
        schedule=review.verdict.schedule,
        gate=_gate(work, pilot_id, review),
    )


def keep_verdict(work: UnitOfWork, pilot_id: str, found: KeptVerdict) -> None:
    """Stores it for lists, and tells that the first gate awaits a decision where it does."""
    row = phases.existing(work, pilot_id)
    row.verdict, row.payback_months, row.judged_at = found.kind, found.payback_months, work.now
    work.session.flush()
    if found.gate is not None and row.phase == "done":
        occurrences.of_gate(work, row, "limited_rollout", why=found.gate, schedule=found.schedule)


def _gate(work: UnitOfWork, pilot_id: str, review: Review) -> GateReason | None:
    """Why the first gate awaits a decision: the verdict, else criteria that were fixed."""
    if review.verdict.kind == "adopt":
        return "verdict"
    row = phases.existing(work, pilot_id)
    return "criteria" if occurrences.meets_criteria(work, row, review) else None


def _summaries(work: UnitOfWork, rows: Sequence[PilotRow]) -> tuple[PilotSummary, ...]:
    ids = [row.id for row in rows]
    counts = pilots.run_counts(work.session, ids)
    probes = pilots.probe_counts(work.session, ids)
    at_cap = budget.at_cap(work, rows, counts)
    spent_s = pilots.ended_attempts_s_each(work.session, ids)
    for pilot_id, run_id, told_s, devices in pilots.running_attempts_s_each(work.session, ids):
        spent_s[pilot_id] += max(told_s, work.leases.held_s(run_id)) * devices
    return tuple(
        PilotSummary(
            id=row.id,
            name=str(row.pilot["name"]),
            phase=row.phase,
            created_at=row.created_at,
            owner=row.created_by,
            workload=row.workload,
            runs_done=sum(counts[row.id].get(status, 0) for status in PHASE_ENDING),
            runs_planned=_planned(row, counts[row.id], probes[row.id]),
            spent_device_h=spent_s[row.id] / SECONDS_PER_HOUR,
            expected_device_h=row.expected_device_h,
            payback_months=row.payback_months,
            verdict=cast("Decision | None", row.verdict),
            cap_reached=row.id in at_cap,
            imported=row.imported is not None,
        )
        for row in rows
    )


def _planned(row: PilotRow, counts: Mapping[RunStatus, int], probes: int) -> int:
    """Runs of all phases; of a pilot that queues no more, the ones that it has."""
    if row.phase in (*phases.OVER, "confirmation"):
        return sum(counts.values())
    planned = run_counts(phases.pilot_of(row), needs_probe=probes > 0)
    return planned.probe + planned.selection + planned.confirmation
