"""The phases of a pilot: what it runs next once everything before has ended."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from backend.repositories import pilots, runs
from backend.services import budget, catalogue, notifications, records, scaling
from backend.services.catalogue import OVER as OVER
from backend.tables import PilotRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import not_found
from planner.devices.batch_plan import MicroBatchPlan, micro_batch_plan
from planner.devices.throughput import ThroughputCurve
from planner.pilots.course import courses
from planner.pilots.pilot import Pilot, PilotPhase, runs_of_confirmation, runs_of_selection
from planner.pilots.run import PHASE_ENDING, PROBE, Purpose, Run
from planner.plans.pilot_time import pilot_device_h
from planner.plans.run_time import run_times
from planner.reviews.race import judge_races
from planner.reviews.selection import Selection, selection_without_sweep
from planner.reviews.trials import select_from
from planner.schedules.schedule import step_count

_PURPOSES: dict[PilotPhase, Purpose] = {
    "probing": "probe",
    "selection": "selection",
    "confirmation": "confirmation",
}
"""What the runs of each phase are for."""


def begin(
    work: UnitOfWork, row: PilotRow, pilot: Pilot, curve: ThroughputCurve | None
) -> Sequence[Run]:
    """Queues the first runs of a new pilot and tells them: its probe, unless its curve is known."""
    if curve is None:
        return enqueue(work, row, pilot, (PROBE,))
    return _after_probing(work, row, pilot, curve)


def advance(work: UnitOfWork, row: PilotRow) -> None:
    """Ends every phase whose runs have all ended, and queues the runs of the next."""
    while _phase_ended(work, row):
        if row.phase == "probing":
            _after_probing(work, row, pilot_of(row), decode(ThroughputCurve, row.throughput))
        elif row.phase == "selection":
            _confirm(work, row, pilot_of(row), _judged(work, row))
        else:
            _finish(work, row)
        work.session.flush()


def purpose_of(phase: PilotPhase) -> Purpose | None:
    """What the runs of a phase are for; None for a pilot that is over."""
    return _PURPOSES.get(phase)


def existing(work: UnitOfWork, pilot_id: str) -> PilotRow:
    """The stored pilot.

    Raises:
        RequestError: There is none.
    """
    row = pilots.find(work.session, pilot_id)
    if row is None:
        raise not_found("pilot", pilot_id)
    return row


def pilot_of(row: PilotRow) -> Pilot:
    """The pilot as it was fixed."""
    return decode(Pilot, row.pilot)


def _phase_ended(work: UnitOfWork, row: PilotRow) -> bool:
    """Whether nothing of the phase is left; a pilot at a cap waits for a raise.

    A run that used up a cap of its own has ended: it counts as one that did not reach the target.
    """
    purpose = purpose_of(row.phase)
    if purpose is None or (row.phase == "probing" and row.throughput is None):
        return False
    phase_runs = runs.of_pilot(work.session, row.id, purpose=purpose)
    ended = all(run.status in PHASE_ENDING for run in phase_runs)
    return ended and not any(map(budget.holds_others, phase_runs))


def _finish(work: UnitOfWork, row: PilotRow) -> None:
    row.phase = "done"
    row.looks_used += 1
    notifications.tell(
        work,
        "pilot_finished",
        row,
        occurrence=f"{row.id} {row.looks_used}",
        facts={"look": row.looks_used, "looks": pilot_of(row).looks},
    )


def _after_probing(
    work: UnitOfWork, row: PilotRow, pilot: Pilot, curve: ThroughputCurve
) -> Sequence[Run]:
    plan = micro_batch_plan(curve)
    measured = scaling.of_pilot(work, row)
    times = run_times(pilot, catalogue.of_pilot(row), curve, plan, measured)
    row.micro_batch_plan = encode(plan)
    row.expected_device_h = pilot_device_h(pilot, times)
    if pilot.needs_selection:
        row.phase = "selection"
        return enqueue(work, row, pilot, runs_of_selection(pilot))
    return _confirm(work, row, pilot, selection_without_sweep(pilot))


def _judged(work: UnitOfWork, row: PilotRow) -> Selection:
    """Freezes a multiplier for every schedule and the finalists, from the selection runs."""
    pilot = pilot_of(row)
    curve = decode(ThroughputCurve, row.throughput)
    plan = decode(MicroBatchPlan, row.micro_batch_plan)
    measured = scaling.of_pilot(work, row)
    laid_out = courses(pilot, catalogue.of_pilot(row), curve, plan, measured)
    races = judge_races(
        records.of_pilot(work, row.id, purpose="selection"),
        pilot,
        laid_out,
        evaluation_s=curve.evaluation_s,
    )
    return select_from(races, pilot=pilot, laid_out=laid_out, throughput=curve, plan=plan)


def _confirm(work: UnitOfWork, row: PilotRow, pilot: Pilot, selection: Selection) -> Sequence[Run]:
    row.selected = dict(selection.selected)
    row.finalists = list(selection.finalists)
    row.phase = "confirmation"
    planned = runs_of_confirmation(pilot, selection.selected, selection.finalists)
    return enqueue(work, row, pilot, planned)


def enqueue(work: UnitOfWork, row: PilotRow, pilot: Pilot, planned: Sequence[Run]) -> Sequence[Run]:
    """Stores queued runs after those that the pilot has, and tells them."""
    samples, epochs = catalogue.of_pilot(row).training_samples, pilot.budget.epochs
    steps = {
        schedule.name: step_count(schedule, training_samples=samples, epochs=epochs)
        for schedule in pilot.schedules
    }
    first, place = runs.next_place(work.session, row.id, work.now)
    new: list[Mapping[str, object]] = [
        {
            "id": uuid4().hex,
            "pilot_id": row.id,
            "number": first + offset,
            "schedule": run.schedule,
            "rate_multiplier": run.rate_multiplier,
            "seed": run.seed,
            "purpose": run.purpose,
            "status": "queued",
            "queued_at": place,
            "created_at": work.now,
            "steps_planned": steps.get(run.schedule or ""),
            "device_count": _first_devices(pilot, run.schedule),
            "final_metrics": {},
        }
        for offset, run in enumerate(planned)
    ]
    runs.add_all(work.session, new)
    return planned


def _first_devices(pilot: Pilot, schedule: str | None) -> int:
    planned = None if schedule is None else pilot.devices_of(schedule)
    return 1 if planned is None else planned.of_stage(0)
