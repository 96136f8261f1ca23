"""Trains attempts at runs: each from its newest checkpoint to the end of its planned epochs."""

from collections import deque
from collections.abc import Iterable, Sequence

from worker.bundle import Bundle
from worker.data.places import DataPlaces
from worker.failure import failing_alone
from worker.member import Member
from worker.run_context import RunContext
from worker.workloads.contract import Splits, TrainingWorkload


def train(
    contexts: Sequence[RunContext], workload: TrainingWorkload, *, places: DataPlaces
) -> None:
    """Trains until each attempt ends, fails, or is asked to stop; every one says so itself."""
    splits = splits_on(contexts[0].device, workload, places)
    everybody = Bundle(_members(contexts, workload, splits))
    everybody.each(Member.resume)
    waiting = deque(Bundle([member]) for member in everybody.members)
    while waiting:
        _train(waiting.popleft(), waiting)


def _train(bundle: Bundle, waiting: Iterable[Bundle]) -> None:
    """Trains a bundle to its end; whoever waits for a turn still hears when it is to stop."""
    bundle.each(Member.take_up)
    while bundle.members:
        bundle.each(Member.measure)
        bundle.each(Member.save_when_due)
        bundle.each(Member.finish_at_end)
        bundle.each(Member.stop_when_asked)
        bundle.advance()
        bundle.act_on_divergence()
        bundle.each(Member.wait_for_lease)
        for later in waiting:
            later.each(Member.stop_when_asked)


def splits_on(device: str, workload: TrainingWorkload, places: DataPlaces) -> Splits:
    """The workload's data on a device, as torch names it."""
    return {
        name: (inputs.to(device), labels.to(device))
        for name, (inputs, labels) in workload.load(places).items()
    }


def _members(
    contexts: Iterable[RunContext], workload: TrainingWorkload, splits: Splits
) -> list[Member]:
    """The attempts that can begin; one that cannot says why."""
    members = []
    for context in contexts:
        with failing_alone([context]):
            members.append(Member(context, workload, splits))
    return members
