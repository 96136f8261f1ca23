"""Jobs for a fork server, and how their trainers fare."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from planner.exchange.work import ClaimedRun
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.support.processes import PATIENCE_S, wait_until
from worker.control import Control
from worker.supervising.trainer_processes import Ended, Event, Processes, Started

LONG = Schedule(
    name="long",
    role="baseline",
    learning_rate=LearningRate(initial=0.01),
    batch_size=BatchSize(initial=8),
)


JobFor = Callable[[ClaimedRun], Path]

_come: WeakKeyDictionary[Processes, deque[Event]] = WeakKeyDictionary()
"""Events that nobody has asked for yet: whoever looks late is told several at once."""


def next_event(processes: Processes, *, patience_s: float = PATIENCE_S) -> Event:
    """What happened to trainers after all that was asked for before."""
    come = _come.setdefault(processes, deque())

    def has_come() -> bool:
        if not come:
            come.extend(processes.wait(0.1))
        return bool(come)

    wait_until(has_come, what="news of a trainer", patience_s=patience_s)
    return come.popleft()


def started(processes: Processes, job_file: Path) -> int:
    processes.start(job_file)
    event = next_event(processes)
    assert isinstance(event, Started)
    assert event.job_file == job_file
    return event.pid


def end_of(processes: Processes, pid: int, *, patience_s: float = PATIENCE_S) -> int:
    """Exit code of a trainer, once no computer holds a part of its run."""
    event = next_event(processes, patience_s=patience_s)
    assert isinstance(event, Ended)
    assert event.pid == pid
    return event.exit_code


def steps_done(scratch: Path) -> int:
    control = Control(scratch / "control")
    step = control.step
    control.close()
    return step
