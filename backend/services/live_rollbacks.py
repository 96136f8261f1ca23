"""What the live page tells of runs that went back after a divergence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.repositories import attempts
from backend.services import records
from backend.tables import RunRow
from backend.unit_of_work import UnitOfWork
from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.page_states import LiveRollback
from planner.money import Money
from planner.pilots.divergence import Rollback
from planner.pilots.executed import rollbacks_of
from planner.plans.run_time import RunTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What repeated training takes and costs.

    Attributes:
        times: Time of one run of every schedule; None while the speed is unknown.
        per_device_h: Price of the device that the pilot runs on; None where none is stated.
    """

    times: Mapping[str, RunTime] | None
    per_device_h: Money | None


def told(
    work: UnitOfWork, rows: Sequence[RunRow], prices: Prices
) -> dict[str, tuple[LiveRollback, ...]]:
    """Every return of those runs that had any."""
    again = {row.id: row.schedule for row in rows if row.attempt > 1 and row.schedule is not None}
    found = {}
    for run_id, began in attempts.started(work.session, list(again)).items():
        back = rollbacks_of([records.attempt_of(row) for row in began])
        if back:
            found[run_id] = tuple(_told(one, again[run_id], prices) for one in back)
    return found


def _told(back: Rollback, schedule: str, prices: Prices) -> LiveRollback:
    """Its cost is composed, as every cost of a pilot is; the run's own schedule was executed."""
    if prices.times is None:
        return LiveRollback(rollback=back, repeated_s=None, repeated=None)
    time = prices.times[schedule]
    repeated_s = time.left_s(back.to_step) - time.left_s(back.at_step)
    price = prices.per_device_h
    return LiveRollback(
        rollback=back,
        repeated_s=repeated_s,
        repeated=None if price is None else price * (repeated_s / SECONDS_PER_HOUR),
    )
