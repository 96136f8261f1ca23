"""More seeds for a finished pilot: another look, as many times as was fixed beforehand."""

from dataclasses import replace

from backend.services import audit, budget, phases, pilots, queue
from backend.tables import PilotRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import encode
from backend.wire.problems import conflict
from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.decisions import SeedsOrder
from planner.exchange.states import PilotState
from planner.pilots.pilot import Pilot, runs_of_confirmation


def add(work: UnitOfWork, order: SeedsOrder, *, pilot_id: str) -> PilotState:
    """Queues the baseline and every finalist on new confirmation seeds.

    Raises:
        RequestError: It is not done, confirms nothing, has no look left, or would pass a cap.
        Refusal: It would have more seeds than a pilot may.
    """
    row = phases.existing(work, pilot_id)
    pilot = phases.pilot_of(row)
    if row.imported is not None:
        raise conflict("pilot_imported")
    if row.phase != "done":
        raise conflict("pilot_not_done", phase=row.phase)
    if not row.finalists:
        raise conflict("nothing_to_confirm")
    if row.looks_used >= pilot.looks:
        raise conflict("no_look_left", looks=pilot.looks)
    seeds = pilot.seeds.further(order.seeds)
    grown = replace(
        pilot, seeds=replace(pilot.seeds, confirmation=(*pilot.seeds.confirmation, *seeds))
    )
    needed_h = device_h_of(work, row, pilot, order.seeds)
    budget.refuse_beyond_caps(work, row, device_h=needed_h)
    row.pilot = encode(grown)
    row.phase = "confirmation"
    row.judged_at = row.verdict = row.payback_months = None
    if row.expected_device_h is not None:
        row.expected_device_h += needed_h
    new = replace(pilot, seeds=replace(pilot.seeds, confirmation=seeds))
    phases.enqueue(work, row, grown, runs_of_confirmation(new, row.selected, row.finalists))
    before = {"seeds": len(pilot.seeds.confirmation), "looks_used": row.looks_used}
    after = {"seeds": len(grown.seeds.confirmation), "reason": order.reason}
    audit.record(work, "pilot.add_seeds", pilot_id, before, after)
    return pilots.state(work, pilot_id)


def device_h_of(work: UnitOfWork, row: PilotRow, pilot: Pilot, seeds: int) -> float:
    """Composed device-hours of so many seeds in the baseline and every finalist.

    One run after the other: what bundles save is not counted on.
    """
    times = queue.times_of(work, row)
    if times is None:
        raise conflict("pilot_not_measured_yet")
    names = (pilot.baseline.name, *row.finalists)
    held_s = sum(times[name].total_s * times[name].devices for name in names)
    return seeds * held_s / SECONDS_PER_HOUR
