"""What waits for a worker: counted for programs that bring workers in, and explained to people."""

from dataclasses import replace

from backend.repositories import claims, pilots, runs, workers
from backend.services import budget
from backend.unit_of_work import UnitOfWork
from planner.exchange.wait_reasons import SeenWorker, WaitingQueue, waiting_queue
from planner.exchange.waiting import WaitingRuns


def waiting(work: UnitOfWork) -> tuple[WaitingRuns, ...]:
    """Queued runs that a worker would be given now, by what it must be like."""
    rows = pilots.several(work.session, claims.pilots_queued(work.session))
    return claims.waiting(work.session, pilots_at_cap=budget.at_cap(work, rows.values()))


def queues(work: UnitOfWork, pilot_id: str, *, at_cap: bool) -> tuple[WaitingQueue, ...]:
    """What of a pilot waits, by what a worker must be like, and why.

    Args:
        work: The request.
        pilot_id: The pilot.
        at_cap: Whether nothing more of it may run until a cap is raised.
    """
    kept_from = work.installation.unreadable.kept_from(here=work.leases.alive)
    refused = tuple(kept_from)
    found = claims.waiting_of(work.session, pilot_id, apart=tuple(kept_from.values()))
    if not found:
        return ()
    seen = _seen(work)

    def seen_by(place: int | None) -> tuple[SeenWorker, ...]:
        """Of runs in a set, some of these workers may not read the checkpoints."""
        these = frozenset() if place is None else refused[place]
        return tuple(replace(seen[one], may_read=one not in these) for one in seen)

    return tuple(
        waiting_queue(
            kind,
            seen_by(place),
            other_runs=0 if status == "paused" else others,
            held_back="paused" if status == "paused" else "at_cap" if at_cap else None,
        )
        for place, status, kind, others in found
    )


def _seen(work: UnitOfWork) -> dict[str, SeenWorker]:
    """Those that are here, and the newest others, by the id of their newest registration."""
    holding = runs.running_by_worker(work.session)
    return {
        row.id: SeenWorker(
            name=row.name,
            workloads=tuple(row.workloads),
            device=row.device_name,
            store_url=row.store_url,
            device_count=row.device_count,
            fewest_devices=work.leases.fewest_devices_of(row.id),
            here=row.revoked_at is None and work.leases.alive(row.id),
            shut_out=row.revoked_at is not None,
            ready=not (work.leases.has_full_disk(row.id) or work.leases.has_no_store(row.id)),
            busy=row.id in holding,
        )
        for row in workers.newest_of_names(work.session, here=work.leases.here())
    }
