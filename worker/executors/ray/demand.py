"""How many seats to open, from what waits, what there is already, and what is free."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from planner.exchange.waiting import WaitingRuns
from worker.executors.ray.view import Offer, SeatView


def takeable(waiting: Iterable[WaitingRuns], offer: Offer | None) -> int:
    """Runs that a seat could take; before any seat said what it offers, it may be able to."""
    return sum(
        group.runs
        for group in waiting
        if offer is None
        or group.could_go_to(
            workloads=offer.workloads,
            device=offer.device,
            store_url=offer.store_url,
            device_count=offer.device_count,
        )
    )


def numbers_to_open(
    *,
    waited: int,
    waits: int,
    seats: Sequence[SeatView],
    worked: Collection[str],
    taken: Iterable[int],
    most: int,
) -> list[int]:
    """Numbers of the seats that runs still wait for.

    A run that a seat is about to take waits at one look and not at the next, so only what waits at
    two of them counts; and a seat whose worker was not there at both of them will take one.

    Args:
        waited: Runs that waited at the look before.
        waits: Runs that wait now.
        seats: What there is.
        worked: Names of those whose worker was there at the look before.
        taken: Their numbers.
        most: Seats there may be.
    """
    coming = sum(
        seat.phase != "silent" and not (seat.phase == "working" and seat.name in worked)
        for seat in seats
    )
    wanted = max(0, min(waited, waits) - coming)
    in_use = set(taken)
    free = [number for number in range(1, most + 1) if number not in in_use]
    return free[: min(wanted, max(0, most - len(seats)))]


def fits(takes: Mapping[str, float], free: Mapping[str, float]) -> bool:
    """Whether so much is free in the cluster; whether on one node, only trying tells."""
    return all(free.get(name, 0.0) >= count for name, count in takes.items())


def without(free: Mapping[str, float], takes: Mapping[str, float]) -> dict[str, float]:
    """What is left once a seat has taken its part."""
    return {name: count - takes.get(name, 0.0) for name, count in free.items()}
