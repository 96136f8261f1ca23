"""Which built-in workloads this computer has the data for; answered without torch."""

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataPlaces, find
from worker.data.sets import DATA_SETS


def within_reach(places: DataPlaces) -> tuple[str, ...]:
    """Names of the built-in workloads whose data are here; nothing is loaded."""
    return tuple(
        workload.name
        for workload in BUILT_IN.values()
        if not workload.data_set or find(DATA_SETS[workload.data_set], places) is not None
    )
