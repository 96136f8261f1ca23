"""Which workers take the runs of a pilot, by the devices that these want."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from planner.pilots.pilot import Pilot
from planner.plans.queue_forecast import Serving
from planner.schedules.schedule import StepTable, stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Takers:
    """Workers that train a pilot's workload, and the devices that its runs want.

    Attributes:
        serving: These workers, each from when it is free.
        wanted: Numbers of devices, one for each kind of stage.
    """

    serving: tuple[Serving, ...]
    wanted: frozenset[int]

    @property
    def untaken(self) -> int | None:
        """The largest number of devices that none of them takes runs of; None: they take all."""
        taken = {n for worker in self.serving for n in self.wanted if n in worker.takes}
        return max(self.wanted - taken, default=None)

    @property
    def number(self) -> int:
        """Workers that take a part of it; 0 where some part is taken by nobody."""
        if self.untaken is not None:
            return 0
        return sum(any(n in worker.takes for n in self.wanted) for worker in self.serving)

    @property
    def idle(self) -> tuple[Serving, ...]:
        """The same with nothing else to do; one that takes everything where these do not."""
        if self.untaken is not None:
            return (Serving(device_count=max(self.wanted)),)
        return tuple(replace(worker, free_s=0.0) for worker in self.serving)


def wanted_devices(pilot: Pilot, tables: Iterable[tuple[str, StepTable]]) -> frozenset[int]:
    """Numbers of devices that the stages of these schedules want, each a name and its steps."""
    found: set[int] = set()
    for name, table in tables:
        planned = pilot.devices_of(name)
        places = range(len(stages(table)))
        found |= {1} if planned is None else {planned.of_stage(place) for place in places}
    return frozenset(found)
