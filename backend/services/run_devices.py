"""Devices of a run: how many its next attempt wants, and up to which step."""

from collections.abc import Iterable

from backend.repositories import claims, workers
from backend.repositories.run_rows import ShownRow
from backend.services import catalogue, phases
from backend.tables import PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from planner.pilots.device_stages import count_at, next_change
from planner.pilots.pilot import Pilot
from planner.schedules.schedule import Stage, plan_steps, stages

CHANGE = "devices_change"
"""Reason of an attempt that ends where another number of devices goes on."""

TOO_FEW = "too_few_devices"
"""Reason of a run that waits for a worker with more devices than any has."""


def until_step(work: UnitOfWork, run: RunRow, row: PilotRow, pilot: Pilot) -> int | None:
    """Where the attempt that is claimed now ends for another number of devices; None if nowhere."""
    planned = None if run.schedule is None else pilot.devices_of(run.schedule)
    if planned is None:
        return None
    step = claims.start_step(work.session, run.id)
    laid_out = _stages(row, pilot, run.schedule)
    return next_change(planned, laid_out, step=step, count=run.device_count)


def go_on_with(run: RunRow, row: PilotRow, *, step: int) -> None:
    """Notes what the stage that begins after a step wants."""
    pilot = phases.pilot_of(row)
    planned = None if run.schedule is None else pilot.devices_of(run.schedule)
    if planned is not None:
        run.device_count = count_at(planned, _stages(row, pilot, run.schedule), step)


def waiting_for_devices(work: UnitOfWork, rows: Iterable[ShownRow]) -> frozenset[str]:
    """Queued runs that want more devices than any worker has that is here."""
    several = [row for row in rows if row.status == "queued" and row.device_count > 1]
    if not several:
        return frozenset()
    here = workers.those(work.session, work.leases.here())
    most = max((row.device_count for row in here), default=0)
    return frozenset(row.id for row in several if row.device_count > most)


def _stages(row: PilotRow, pilot: Pilot, schedule: str | None) -> tuple[Stage, ...]:
    planned = next(one for one in pilot.schedules if one.name == schedule)
    table = plan_steps(
        planned,
        training_samples=catalogue.of_pilot(row).training_samples,
        epochs=pilot.budget.epochs,
    )
    return stages(table)
