"""What a step costs beyond the fastest plain loop: with the worker, with trackers, in frameworks.

The same numbers are logged each step. Ratios are of the training thread's CPU time, which charges a
peer that writes from a thread or process of its own only for what it hands over; wall time, which
also shows what such a thread takes away from the training, stands beside it.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.peers.loops import LOOPS, Clock
from benchmarks.peers.trackers import OFFLINE, TRACKERS, Log
from benchmarks.turns import seconds_each, take_turns
from benchmarks.worker_loops import (
    BETA,
    RATE,
    SMALL,
    Loop,
    WideDigits,
    bare_loop,
    our_loop,
    our_training,
    silent,
    training_data,
)
from planner.schedules.batch_size import BatchSize

TURNS = 25
BATCH_SIZE = 16
STEPS = 4 * 68
"""Of one turn: four epochs of 68 steps."""

TRACKER_AIM = 0.6
LOOP_AIM = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Seconds that something adds to a step of the plain loop.

    Attributes:
        cpu_s: Of the training thread.
        wall_s: That the training thread needs longer.
        noise_s: Of the CPU seconds: the plain loop against itself.
        step_s: CPU seconds of a plain step.
    """

    cpu_s: float
    wall_s: float
    noise_s: float
    step_s: float


def compare_all(folder: Path) -> None:
    """One line for us and one for every peer, whether it is installed or not."""
    os.environ.update(OFFLINE)
    data = training_data(folder)
    ours = _added(data, _of_loop(_our_loop(folder)))
    print(
        f"a step of {ours.step_s * 1e6:.0f} us, batch {BATCH_SIZE}: the worker adds "
        f"{ours.cpu_s * 1e6:.1f} us of CPU ({ours.wall_s * 1e6:.1f} us of wall time), "
        f"A/A {ours.noise_s * 1e6:.1f} us",
        flush=True,
    )
    for name, start in TRACKERS.items():
        if _installed(name):
            place = folder / name
            place.mkdir()
            with start(place) as log:
                added = _added(data, _of_loop(_loop_with(log, data)))
            _print(name, added, ours, TRACKER_AIM)
    for name, make in LOOPS.items():
        if _installed(name):
            model = WideDigits(SMALL).make_model(1)
            timed = make(folder, model, partial(_batches, data), rate=RATE, beta=BETA)
            _print(name, _added(data, partial(timed, STEPS)), ours, LOOP_AIM)


def _added(data: tuple[Tensor, Tensor], timed: Callable[[Clock], float]) -> Added:
    """What a loop adds to the plain one, both taking turns, first by CPU and then by wall time."""
    bare = _of_loop(bare_loop(WideDigits(SMALL).make_model(1), data, BATCH_SIZE, silent))
    cpu, wall = (
        take_turns(partial(bare, clock), {"it": partial(timed, clock)}, turns=TURNS)
        for clock in (time.thread_time, time.perf_counter)
    )
    return Added(
        cpu_s=cpu.added_s("it"),
        wall_s=wall.added_s("it"),
        noise_s=cpu.noise_s,
        step_s=cpu.reference_s,
    )


def _print(name: str, added: Added, ours: Added, aim: float) -> None:
    print(
        f"  {name} {version(name)} adds {added.cpu_s * 1e6:.1f} us ({added.wall_s * 1e6:.1f} us), "
        f"the worker over it {ours.cpu_s / added.cpu_s:.2f} (aim <= {aim}), "
        f"A/A {added.noise_s * 1e6:.1f} us",
        flush=True,
    )


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        print(f"  {package} is not installed here: not compared", flush=True)
        return False
    return True


def _of_loop(loop: Loop) -> Callable[[Clock], float]:
    return lambda clock: seconds_each(loop, STEPS, clock)()


def _our_loop(folder: Path) -> Loop:
    return our_loop(*our_training(WideDigits(SMALL), folder, BatchSize(initial=BATCH_SIZE)))


def _loop_with(log: Log, data: tuple[Tensor, Tensor]) -> Loop:
    """The plain loop, logging what the worker reports of every step."""
    step = 0

    def logged(loss: Tensor) -> None:
        nonlocal step
        step += 1
        values = {"batch_loss": loss.item(), "learning_rate": RATE, "batch_size": BATCH_SIZE}
        log(values, step)

    return bare_loop(WideDigits(SMALL).make_model(1), data, BATCH_SIZE, logged)


def _batches(data: tuple[Tensor, Tensor], steps: int) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches that the plain loop takes, gathered as it gathers them."""
    inputs, labels = data
    taken = 0
    while taken < steps:
        for chosen in torch.randperm(len(labels)).split(BATCH_SIZE):
            yield inputs.index_select(0, chosen), labels.index_select(0, chosen)
            taken += 1
