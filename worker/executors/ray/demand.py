"""How many seats to open, and how wide, from what waits, what there is already, and what is free.

A seat has as many devices as the runs want that it is for, and takes no run of fewer. Widths are
served in the order of the queue: one whose next run is claimed first comes first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.devices.device_count import MOST_DEVICES
from planner.exchange.waiting import WaitingRuns
from worker.executors.ray.view import Offer, SeatView

Resources = Mapping[str, float]
"""Counts by Ray's names of resources."""


def takeable(waiting: Iterable[WaitingRuns], offer: Offer | None) -> dict[int, int]:
    """Runs that seats could take by the devices that they want, in the order of the queue.

    Before any seat said what it offers, it may be able to take all of them.
    """
    runs: dict[int, int] = {}
    for group in waiting:
        count = group.device_count
        if offer is None or group.could_go_to(
            workloads=offer.workloads,
            device=offer.device,
            store_url=offer.store_url,
            device_count=count,
        ):
            runs[count] = runs.get(count, 0) + group.runs
    return runs


def seats_missing(
    *, waited: int, waits: int, seats: Iterable[SeatView], worked: Collection[str]
) -> int:
    """Seats of one width that runs still wait for.

    A run that a seat is about to take waits at one look and not at the next, so only what waits at
    two of them counts; and a seat whose worker was not there at both of them will take one.

    Args:
        waited: Runs of this width that waited at the look before.
        waits: Those that wait now.
        seats: What there is of this width.
        worked: Names of those whose worker was there at the look before.
    """
    coming = sum(
        seat.phase != "silent" and not (seat.phase == "working" and seat.name in worked)
        for seat in seats
    )
    return max(0, min(waited, waits) - coming)


@dataclass(slots=True, kw_only=True)
class Room:
    """What may still be opened at one look.

    Attributes:
        free: What nobody has taken from the cluster; on which nodes, only trying tells.
        numbers: That a new seat may have.
    """

    free: dict[str, float]
    numbers: list[int]

    def has(self, takes: Resources) -> bool:
        """Whether there may be a seat that takes so much."""
        return bool(self.numbers) and fits(takes, self.free)

    def would_have(self, takes: Resources, *, given_back: Sequence[Resources]) -> bool:
        """Whether there might be, once other seats gave back what they have taken."""
        free = dict(self.free)
        for theirs in given_back:
            for name, count in theirs.items():
                free[name] = free.get(name, 0.0) + count
        return bool(self.numbers or given_back) and fits(takes, free)

    def take(self, takes: Resources) -> int:
        """The number of a seat that takes so much from here on."""
        for name, count in takes.items():
            self.free[name] = self.free.get(name, 0.0) - count
        return self.numbers.pop(0)


def room_left(*, free: Resources, taken: Iterable[int], most: int) -> Room:
    """Where seats of some numbers are there, and ``most`` of them may be."""
    in_use = set(taken)
    numbers = [number for number in range(1, most + 1) if number not in in_use]
    return Room(free=dict(free), numbers=numbers[: max(0, most - len(in_use))])


def fits(takes: Resources, free: Resources) -> bool:
    """Whether so much is free there."""
    return all(free.get(name, 0.0) >= count for name, count in takes.items())


def most_devices(node: Resources, *, takes: Callable[[int], Resources]) -> int:
    """Most devices of a seat that a node could have, were it empty; so many of them take that."""
    wider = (devices for devices in range(1, MOST_DEVICES + 1) if not fits(takes(devices), node))
    return next(wider, MOST_DEVICES + 1) - 1
