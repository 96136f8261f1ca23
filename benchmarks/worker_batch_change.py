"""Whether training that changed its batch size is as fast as a fresh process at that batch size.

Each side is a process of its own that trains and reports CPU seconds a step when it is asked; they
take turns. A second fresh process shows how far two equal processes are apart.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.turns import seconds_each, take_turns
from benchmarks.worker_loops import SMALL, WideDigits, our_loop, our_training
from planner.schedules.batch_size import BatchSize
from worker.training.arithmetic import as_trainers_compute

TURNS = 25
STEPS = 256
CHANGED = "0:8 60ba:16 120ba:32 180ba:64 240ba:128"
"""Four changes within the first 240 steps."""

FRESH = "0:128"
SETTLED_STEPS = 512
"""Untimed at the start of every process, all changes among them."""

AIM = 0.98


def compare_all(_: Path) -> None:
    """Prints throughput after the last change over that of a fresh process."""
    with ExitStack() as running:
        changed, fresh, other = (_process(running, text) for text in (CHANGED, FRESH, FRESH))
        turns = take_turns(fresh, {"changed": changed, "other": other}, turns=TURNS)
    print(
        f"after the 4th batch change, batch 128: {turns.seconds('changed') * 1e3:.3f} ms a step, "
        f"fresh process {turns.reference_s * 1e3:.3f} ms, throughput ratio "
        f"{1 / turns.ratio('changed'):.3f} (aim >= {AIM}), two fresh processes "
        f"{1 / turns.ratio('other'):.3f}, A/A {turns.noise:.3f}",
        flush=True,
    )


def _process(running: ExitStack, thresholds: str) -> Callable[[], float]:
    """Starts a training; each call lets it take some steps and returns CPU seconds of one."""
    process = running.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker_batch_change", thresholds],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    asked, answers = process.stdin, process.stdout
    assert asked is not None
    assert answers is not None
    running.callback(asked.close)

    def seconds() -> float:
        asked.write("\n")
        asked.flush()
        return float(answers.readline())

    return seconds


def train_and_answer(thresholds: str) -> None:
    """The child: takes steps for every line that it reads."""
    with as_trainers_compute(), tempfile.TemporaryDirectory() as folder:
        batch_size = BatchSize(thresholds=thresholds)
        loop = our_loop(*our_training(WideDigits(SMALL), Path(folder), batch_size))
        loop(SETTLED_STEPS)
        timed = seconds_each(loop, STEPS, time.thread_time)
        for _ in sys.stdin:
            print(timed(), flush=True)


if __name__ == "__main__":
    train_and_answer(sys.argv[1])
