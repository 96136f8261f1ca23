"""Why runs still wait: which workers could take them, and what keeps those that could not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least, check_not_negative
from planner.exchange.waiting import WaitingRuns

WaitReason = Literal[
    "paused",
    "at_cap",
    "no_worker",
    "no_workload",
    "no_device",
    "no_store",
    "too_few_devices",
    "larger_runs_only",
    "store_refused",
    "shut_out",
    "gone",
    "not_ready",
    "all_busy",
    "next",
]
"""Message keys below ``wait_reason.``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWorker:
    """What decides whether a worker takes a run now.

    Attributes:
        fewest_devices: It takes no run of fewer.
        here: Whether it was heard of lately.
        shut_out: Whether somebody shut it out.
        ready: Whether its disk has room and its store answers.
        busy: Whether it trains something.
        may_read: Whether it did not give the runs back again and again because the store does not
            let it read their checkpoints.
    """

    name: str
    workloads: tuple[str, ...]
    device: str
    store_url: str
    device_count: int
    here: bool
    shut_out: bool = False
    ready: bool = True
    busy: bool = False
    fewest_devices: int = 1
    may_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingQueue:
    """Runs of one pilot that the same workers can take, and why they still wait.

    Attributes:
        kind: What a worker must be like, and how many runs of the pilot wait for one.
        other_runs: Runs of other pilots that wait for such a worker, too.
        workers: Workers that are here and could take them.
        busy: Of these, the ones that train something.
        reason: Why none of them runs.
        worker: The worker that the reason is about; empty where it is about none.
        most_devices: Devices of the largest worker that lacks nothing else; 0 without one.
        fewest_devices: Devices of the smallest run that a worker takes which lacks nothing else; 0
            where that is not what is missing.
    """

    kind: WaitingRuns
    other_runs: int
    workers: int
    busy: int
    reason: WaitReason
    worker: str = ""
    most_devices: int = 0
    fewest_devices: int = 0

    def __post_init__(self) -> None:
        check_at_least(self.other_runs, 0, "other_runs")
        check_at_least(self.workers, 0, "workers")
        check_not_negative(self.workers - self.busy, "busy")


def waiting_queue(
    kind: WaitingRuns,
    seen: Sequence[SeenWorker],
    *,
    other_runs: int = 0,
    held_back: Literal["paused", "at_cap"] | None = None,
) -> WaitingQueue:
    """A queue with the reason why it waits.

    Args:
        kind: Runs that wait.
        seen: Workers that registered; of those that are away, the newest first.
        other_runs: Runs of other pilots that wait for the same workers.
        held_back: What keeps them from any worker; None where nothing does.
    """
    lacks: WaitReason = "no_worker"
    fits = tuple(worker for worker in seen if worker.here)
    nearest = fits
    for need, has in _needs(kind):
        if fits:
            lacks, nearest, fits = need, fits, tuple(filter(has, fits))
    reason, about = _reason(kind, lacks, fits, seen)
    return WaitingQueue(
        kind=kind,
        other_runs=other_runs,
        workers=len(fits),
        busy=sum(worker.busy for worker in fits),
        reason=held_back or reason,
        worker="" if held_back else about,
        most_devices=_most(nearest) if not fits and lacks == "too_few_devices" else 0,
        fewest_devices=_fewest(nearest) if not fits and lacks == "larger_runs_only" else 0,
    )


_Need = tuple[WaitReason, Callable[[SeenWorker], bool]]


def _needs(kind: WaitingRuns) -> tuple[_Need, ...]:
    """What a worker must have, and the reason where none has it that has what stands before."""
    return (
        ("no_workload", lambda worker: kind.workload in worker.workloads),
        ("no_device", lambda worker: kind.device in (None, worker.device)),
        ("no_store", lambda worker: kind.store_url in (None, worker.store_url)),
        ("too_few_devices", lambda worker: kind.device_count <= worker.device_count),
        ("larger_runs_only", lambda worker: kind.device_count >= worker.fewest_devices),
        ("store_refused", lambda worker: worker.may_read),
    )


def _reason(
    kind: WaitingRuns, lacks: WaitReason, fits: Sequence[SeenWorker], seen: Sequence[SeenWorker]
) -> tuple[WaitReason, str]:
    """The reason, and the name of the worker that it is about."""
    if not fits:
        away = (one for one in seen if not one.here and _has_all(kind, one))
        last = next(away, None)
        if last is None:
            return lacks, ""
        return ("shut_out" if last.shut_out else "gone"), last.name
    ready = [worker for worker in fits if worker.ready]
    if not ready:
        return "not_ready", fits[0].name
    return ("all_busy" if all(worker.busy for worker in ready) else "next"), ""


def _has_all(kind: WaitingRuns, worker: SeenWorker) -> bool:
    return all(has(worker) for _, has in _needs(kind))


def _most(workers: Iterable[SeenWorker]) -> int:
    return max((worker.device_count for worker in workers), default=0)


def _fewest(workers: Iterable[SeenWorker]) -> int:
    return min((worker.fewest_devices for worker in workers), default=0)
