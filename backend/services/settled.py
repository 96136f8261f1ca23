"""What is worked out once of a pilot that is over, until anything changes that it rests on."""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from backend.services import phases
from backend.unit_of_work import UnitOfWork
from planner.measurements.measurement import RunRecord

Made = TypeVar("Made")


def once(
    work: UnitOfWork,
    pilot_id: str,
    what: str,
    *,
    make: Callable[[UnitOfWork, str], Made],
    records: Callable[[Made], Sequence[RunRecord]],
) -> Made:
    """What ``make`` gives, or gave to an earlier request that saw the same.

    A pilot that goes on is worked out anew each time. What is kept is shared: nobody changes it.

    Args:
        work: Of the request.
        pilot_id: Of the pilot.
        what: Kind of what is made.
        make: Works it out.
        records: Every run of the pilot, of what was made.
    """
    kept = work.installation.settled
    found = kept.find((pilot_id, what), seen=work.seen)
    if found is not None:
        return cast("Made", found)
    made = make(work, pilot_id)
    of_runs = records(made)
    over = phases.existing(work, pilot_id).phase in phases.OVER
    if over and all(record.status != "running" for record in of_runs):
        kept.keep(
            (pilot_id, what),
            made,
            ids=(pilot_id, *(record.run_id for record in of_runs)),
            measurements=sum(len(record.measurements) for record in of_runs),
            seen=work.seen,
        )
    return made
