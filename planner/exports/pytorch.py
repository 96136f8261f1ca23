"""A schedule as one Python file for PyTorch that needs torch and nothing of ours."""

from planner.exports.laid_out import LaidOut
from planner.exports.plain_python import shared_source

_HEAD = '''\
"""Learning rate, batch size and momentum of a training with SGD in PyTorch.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
It needs torch and nothing else. `python THIS_FILE` checks it against its own table.

    optimizer = make_optimizer(model.parameters())
    for step in steps(seed=11, micro_batch_size=256):
        set_step(optimizer, step)
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

_TORCH = '''

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


def epoch_order(seed, epoch):
    """Order of the training samples in one epoch; put your own here if you have one."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(TRAINING_SAMPLES, generator=generator)


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


def make_optimizer(parameters):
    """SGD with momentum as {form} takes it; its buffers start at zero."""
    parameters = list(parameters)
    beta = momentum(0)
    optimizer = torch.optim.SGD(
        parameters,
        lr=learning_rate(0),
        momentum=beta,
        dampening={dampening},
        nesterov={nesterov},
    )
    for parameter in parameters:
        optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return optimizer


def set_step(optimizer, step):
    """Rate and momentum of a step, and the buffer's conversion where momentum changes."""
    for group in optimizer.param_groups:
        group["lr"] = step.learning_rate
        group["momentum"] = step.momentum
        group["dampening"] = {step_dampening}
        if step.buffer_factor != 1.0:
            for parameter in group["params"]:
                optimizer.state[parameter]["momentum_buffer"].mul_(step.buffer_factor)


def check_order():
    """Stops where an epoch would not see every sample exactly once."""
    seen = torch.zeros(TRAINING_SAMPLES, dtype=torch.int64)
    for step in steps(seed=0, micro_batch_size=7):
        for indices in step.micro_batches:
            seen[indices] += 1
        if int(seen.max()) > step.epoch + 1:
            raise AssertionError(f"step {{step.number}} sees a sample twice in an epoch")
    assert seen.tolist() == [EPOCHS] * TRAINING_SAMPLES


if __name__ == "__main__":
    self_test()
    if STEPS <= 100_000:
        check_order()
    print(f"ok: {{STEPS}} steps, {{len(TABLE)}} of them checked")
'''


def pytorch_source(laid_out: LaidOut) -> str:
    """The whole file."""
    normalised = laid_out.form == "normalised"
    head = _HEAD.format(
        name=repr(laid_out.schedule.name).replace('"""', "'''").replace("\\", ""),
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
    )
    body = _TORCH.format(
        form=laid_out.form,
        dampening="beta" if normalised else "0.0",
        step_dampening="step.momentum" if normalised else "0.0",
        nesterov="True" if laid_out.form == "nesterov" else "False",
    )
    return head + shared_source(laid_out) + body
