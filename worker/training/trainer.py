"""Trains attempts at runs: each from its newest checkpoint to the end of its planned epochs."""

import logging
from collections import deque
from collections.abc import Iterable, Sequence

from planner.devices.throughput import Execution
from worker.data.places import DataPlaces
from worker.training.bundle import Bundle
from worker.training.bundled_learner import can_be_bundled
from worker.training.failure import failing_alone
from worker.training.member import Member
from worker.training.run_context import RunContext
from worker.workloads.contract import Splits, TrainingWorkload

log = logging.getLogger(__name__)


def train(
    contexts: Sequence[RunContext],
    workload: TrainingWorkload,
    *,
    places: DataPlaces,
    execution: Execution = "sequential",
) -> None:
    """Trains until each attempt ends, fails, or is asked to stop; every one says so itself.

    Args:
        contexts: Of the attempts.
        workload: What all of them train.
        places: Where its data are.
        execution: How several attempts are trained; those that this does not fit, because of their
            model or of where they stand, are trained one after the other.
    """
    splits = splits_on(contexts[0].device, workload, places)
    members = _members(contexts, workload, splits)
    everybody = Bundle(members, _possible(execution, members))
    everybody.each(Member.resume)
    waiting = deque([everybody, *everybody.split_off()])
    for bundle in waiting:
        bundle.begin()
    while waiting:
        _train(waiting.popleft(), waiting)


def _train(bundle: Bundle, waiting: deque[Bundle]) -> None:
    """Trains a bundle to its end; whoever waits for a turn still hears when it is to stop."""
    bundle.each(Member.take_up)
    while bundle.members:
        bundle.measure()
        bundle.each(Member.save_when_due)
        bundle.each(Member.finish_at_end)
        bundle.stop_when_asked()
        bundle.advance()
        bundle.act_on_divergence()
        bundle.each(Member.wait_for_lease)
        waiting.extend(bundle.split_off())
        for later in waiting:
            later.stop_when_asked()


def _possible(execution: Execution, members: Sequence[Member]) -> Execution:
    """The execution, or ``sequential`` where the model does not allow it."""
    if execution == "sequential" or len(members) < 2:
        return "sequential"
    if can_be_bundled(members[0].learner, execution):
        return execution
    log.warning("this model is not %s: its runs are trained one after the other", execution)
    return "sequential"


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
