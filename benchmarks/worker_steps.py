"""What the trainer adds to a step of the fastest plain loop.

CPU seconds of the training thread: what a busy computer does beside it is not counted.
"""

import time
from pathlib import Path

from benchmarks.turns import seconds_each, take_turns
from benchmarks.worker_loops import (
    LARGE,
    MIDDLE,
    SMALL,
    WideDigits,
    bare_loop,
    our_loop,
    our_training,
    silent,
    training_data,
)
from planner.schedules.batch_size import BatchSize

TURNS = 30


def compare(folder: Path, *, hidden: int, batch_size: int, steps: int, aim: str) -> None:
    """Prints both loops' time a step, their ratio and difference, and the noise."""
    workload = WideDigits(hidden)
    bare = bare_loop(workload.make_model(1), training_data(folder), batch_size, silent)
    ours = our_loop(*our_training(workload, folder, BatchSize(initial=batch_size)))
    turns = take_turns(
        seconds_each(bare, steps, time.thread_time),
        {"ours": seconds_each(ours, steps, time.thread_time)},
        turns=TURNS,
    )
    print(
        f"steps of {turns.reference_s * 1e3:.3f} ms (hidden {hidden}, batch {batch_size}): "
        f"ours {turns.seconds('ours') * 1e3:.3f} ms, ratio {turns.ratio('ours'):.3f} "
        f"({aim}), added {turns.added_s('ours') * 1e6:.1f} us (aim <= 30), "
        f"A/A {turns.noise:.3f}",
        flush=True,
    )


def compare_all(folder: Path) -> None:
    """Steps as short as the smallest workload's, and the two lengths that an aim is set for."""
    compare(folder, hidden=SMALL, batch_size=16, steps=270, aim="reported")
    compare(folder, hidden=MIDDLE, batch_size=32, steps=270, aim="aim <= 1.10")
    compare(folder, hidden=LARGE, batch_size=128, steps=18, aim="aim <= 1.01")
