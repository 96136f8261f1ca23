"""Jobs for a fork server, and how their trainers fare."""

from collections.abc import Callable
from pathlib import Path

from planner.exchange.work import ClaimedRun
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.support.processes import PATIENCE_S
from worker.control import Control
from worker.supervising.trainer_processes import Ended, Started, TrainerProcesses

LONG = Schedule(
    name="long",
    role="baseline",
    learning_rate=LearningRate(initial=0.01),
    batch_size=BatchSize(initial=8),
)


JobFor = Callable[[ClaimedRun], Path]


def started(processes: TrainerProcesses, job_file: Path) -> int:
    processes.start(job_file)
    (event,) = processes.wait(PATIENCE_S)
    assert isinstance(event, Started)
    assert event.job_file == job_file
    return event.pid


def end_of(processes: TrainerProcesses, pid: int) -> int:
    (event,) = processes.wait(PATIENCE_S)
    assert isinstance(event, Ended)
    assert event.pid == pid
    return event.exit_code


def steps_done(scratch: Path) -> int:
    control = Control(scratch / "control")
    step = control.step
    control.close()
    return step
