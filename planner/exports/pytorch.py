"""A schedule as one Python file for PyTorch that needs torch and nothing of ours."""

from planner.exports.laid_out import LaidOut
from planner.exports.plain_python import shared_source
from planner.exports.torch_parts import optimiser_source, quoted_name

_HEAD = '''\
"""Learning rate, batch size and momentum of a training with SGD in PyTorch.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
It needs torch and nothing else. `python THIS_FILE` checks it against its own table.

    optimizer = make_optimizer(model.parameters())
    for step in steps(seed=11, micro_batch_size=256):
        set_step(optimizer, step.number)
        optimizer.zero_grad()
        for indices in step.micro_batches:  # every sample weighs the same
            loss = criterion(model(inputs[indices]), targets[indices])  # a mean over its samples
            (loss * len(indices) / step.items).backward()
        optimizer.step()

Evaluation, checkpoints and devices stay yours. A resumed training calls `steps` with the same seed
and `first_step`.
"""

import bisect
import hashlib
import json
import math
from dataclasses import dataclass

import torch

'''

_STEPS = '''

@dataclass(frozen=True)
class Step:
    """One update of the weights."""

    number: int
    epoch: int
    items: int
    learning_rate: float
    momentum: float
    buffer_factor: float  # on the momentum buffer before the step; 1 unless momentum changes
    micro_batches: tuple[torch.Tensor, ...]  # indices of the training samples


def steps(*, seed, micro_batch_size=None, first_step=0, order=epoch_order):
    """Every step from `first_step` on; each epoch sees every training sample exactly once."""
    current, indices = -1, None
    for number in range(first_step, STEPS):
        epoch, cursor, items, _ = at(number)
        if epoch != current:
            current, indices = epoch, order(seed, epoch)
        taken = indices[cursor : cursor + items]
        yield Step(
            number=number,
            epoch=epoch,
            items=items,
            learning_rate=learning_rate(number),
            momentum=momentum(number),
            buffer_factor=buffer_factor(number),
            micro_batches=torch.split(taken, micro_batch_size or items),
        )


def check_order():
    """Stops where an epoch would not see every sample exactly once."""
    seen = torch.zeros(TRAINING_SAMPLES, dtype=torch.int64)
    for step in steps(seed=0, micro_batch_size=7):
        for indices in step.micro_batches:
            seen[indices] += 1
        if int(seen.max()) > step.epoch + 1:
            raise AssertionError(f"step {step.number} sees a sample twice in an epoch")
    assert seen.tolist() == [EPOCHS] * TRAINING_SAMPLES


if __name__ == "__main__":
    self_test()
    if STEPS <= 100_000:
        check_order()
    print(f"ok: {STEPS} steps, {len(TABLE)} of them checked")
'''


def pytorch_source(laid_out: LaidOut) -> str:
    """The whole file."""
    head = _HEAD.format(
        name=quoted_name(laid_out),
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
    )
    return head + shared_source(laid_out) + optimiser_source(laid_out) + _STEPS
