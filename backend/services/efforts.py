"""Effort to the target of imported runs, which have no review where no times were logged."""

from backend.services import catalogue, phases, records
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import conflict
from planner.reviews.effort_to_target import EffortToTarget, effort_to_target


def of_pilot(work: UnitOfWork, pilot_id: str) -> EffortToTarget:
    """What an imported pilot says without a time; written nowhere.

    Raises:
        RequestError: There is no such pilot, or it was measured here: its review says more.
    """
    row = phases.existing(work, pilot_id)
    if row.imported is None:
        raise conflict("pilot_not_imported")
    return effort_to_target(
        phases.pilot_of(row), catalogue.of_pilot(row), records.of_pilot(work, pilot_id)
    )
