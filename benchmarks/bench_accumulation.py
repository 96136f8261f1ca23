"""What an accumulated step takes, over the sum of its parts' own steps that time is composed of.

Each round takes one step of a part, twice (their ratio is the noise of the measurement, A/A), and
one step of four such parts. Aim: within 5 % of the sum, either way.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch

from worker.data.places import DataPlaces
from worker.training.learner import Learner
from worker.workloads import WORKLOADS

PARTS = 4
CASES = (("digits-mlp", 64), ("digits-mlp", 256), ("pydoc-charlm", 8))
"""Workload, and samples of a part."""

ROUNDS = 20
STEPS_A_ROUND = 10


def main() -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        for name, part in CASES:
            a_part, again, accumulated = step_times_s(name, part, Path(folder))
            print(
                f"{name}, {PARTS} parts of {part}: accumulated step over the sum of its parts "
                f"{accumulated / (PARTS * a_part):.3f} (A/A {again / a_part:.3f}), "
                f"a part takes {a_part * 1e3:.3f} ms"
            )


def step_times_s(name: str, part: int, folder: Path) -> list[float]:
    """Median seconds of a part's step, of the same again, and of an accumulated step."""
    workload = WORKLOADS[name]
    training = workload.load(DataPlaces(cache_dir=folder))["training"]
    learner = Learner(
        workload, training, weights_seed=0, augmentation_seed=0, momentum_form="heavy_ball"
    )
    order = torch.randperm(len(training[1]))

    def stepping(parts: int) -> Callable[[], object]:
        indices, sizes = order[: parts * part], (part,) * parts
        return lambda: learner.step(indices, micro_batches=sizes, rate=1e-4, beta=0.9, kept=0.9)

    steps = [stepping(1), stepping(1), stepping(PARTS)]
    times_s: list[list[float]] = [[], [], []]
    for _ in range(ROUNDS):
        for step, found in zip(steps, times_s, strict=True):
            step()
            found += [timed_s(step) for _ in range(STEPS_A_ROUND)]
    return [median(found) for found in times_s]


def timed_s(step: Callable[[], object]) -> float:
    """Seconds of this thread: other programs do not count."""
    began = time.thread_time()
    step()
    return time.thread_time() - began


if __name__ == "__main__":
    main()
