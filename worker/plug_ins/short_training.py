"""A few steps of a plug-in's training, by the very learner that trains it for real."""

import math
from statistics import median

import torch
from torch import Tensor

from worker.plug_ins.adapter import PlugInWorkload
from worker.plug_ins.problem import PlugInWrong, blamed_on
from worker.probing.stopwatch import CpuStopwatch
from worker.training.learner import Learner
from worker.training.sampler import Sampler, SamplerState
from worker.training.seeds import stream_seed
from worker.workloads.contract import Splits

STEPS = 20
BATCH_SIZE = 32

_RATE = 0.01
_BETA = 0.9
_TIMED_STEPS = 5
_TIMED_SIZES = (8, 32, 128, 512)


def new_learner(workload: PlugInWorkload, splits: Splits, *, seed: int) -> Learner:
    """The learner of a run with this seed, before its first step."""
    return Learner(
        workload,
        splits["training"],
        weights_seed=stream_seed(seed, "weights"),
        augmentation_seed=stream_seed(seed, "augmentation"),
        momentum_form="heavy_ball",
    )


def short_training(
    workload: PlugInWorkload, splits: Splits, *, seed: int
) -> tuple[Tensor, list[float]]:
    """Weights after twenty steps, and the mean loss of every step.

    Raises:
        PlugInWrong: A loss is not finite.
    """
    samples = len(splits["training"][1])
    learner = new_learner(workload, splits, seed=seed)
    sampler = Sampler(samples=samples, state=SamplerState(seed=seed, epoch=0, cursor=0))
    torch.manual_seed(stream_seed(seed, "noise"))
    losses = []
    for step in range(STEPS):
        items = min(BATCH_SIZE, samples - sampler.state.cursor)
        losses.append(_step(learner, sampler.take(items)).item() / items)
        if not math.isfinite(losses[-1]):
            raise PlugInWrong("steps_not_finite", step=step + 1, steps=STEPS, rate=_RATE)
    return learner.parameters.clone(), losses


def speeds(workload: PlugInWorkload, splits: Splits) -> dict[int, float]:
    """Samples per second of this thread at a few batch sizes."""
    samples = len(splits["training"][1])
    learner = new_learner(workload, splits, seed=1)
    found = {}
    for size in sorted({min(size, samples) for size in _TIMED_SIZES}):
        chosen = torch.arange(size)
        _step(learner, chosen)
        watch = CpuStopwatch()
        watch.start()
        for _ in range(_TIMED_STEPS):
            _step(learner, chosen)
            watch.lap()
        found[size] = size / max(median(watch.laps_s()), 1e-9)
    return found


def _step(learner: Learner, chosen: Tensor) -> Tensor:
    whole = (len(chosen),)
    with blamed_on("loss(model(inputs), labels).backward()"):
        return learner.step(chosen, micro_batches=whole, rate=_RATE, beta=_BETA, kept=_BETA)
