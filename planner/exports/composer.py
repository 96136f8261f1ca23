"""A schedule of one batch size as a scheduler function for MosaicML Composer."""

from planner.exports.laid_out import LaidOut
from planner.exports.plain_python import shared_source
from planner.exports.torch_parts import quoted_name
from planner.refusal import require

_HEAD = '''\
"""Learning rate of a training with SGD in MosaicML Composer, which takes any function of its state.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
`python THIS_FILE` checks it against its own table and needs Python alone; it was not run inside
Composer.

    trainer = Trainer(
        optimizers=torch.optim.SGD(model.parameters(), **SGD),
        schedulers=schedule,
        step_schedulers_every_batch=True,
        max_duration=MAX_DURATION,
        ...,
    )

What Composer cannot do: change batch size or momentum while it trains. Both are constant here.
The data loader's batch size is {batch_size}, with drop_last=False and shuffle=True.
"""

import bisect
import hashlib
import json
import math

'''

_SCHEDULE = '''

MAX_DURATION = "{steps}ba"
SGD = {{
    "lr": {stated}learning_rate(0),
    "momentum": {momentum!r},
    "nesterov": {nesterov},
}}


def schedule(state, ssr=1.0):
    """Factor on the first rate, at the number of batches that Composer's state has seen."""
    if ssr != 1.0:
        raise ValueError("this schedule is written for the whole duration: leave the ratio at 1")
    return learning_rate(min(int(state.timestamp.batch), STEPS - 1)) / learning_rate(0)


if __name__ == "__main__":
    self_test()
    print(f"ok: {{STEPS}} steps, {{len(TABLE)}} of them checked")
'''


def composer_source(laid_out: LaidOut) -> str:
    """The whole file.

    A rate of the normalised form is written as PyTorch's: at a constant momentum the path is the
    same, while SGD with dampening would take the first gradient undamped.

    Raises:
        Refusal: Batch size or momentum change, which Composer cannot do.
    """
    require(len(laid_out.stages) == 1, "schedule.batch_size", "composer_batch_constant")
    momentum = laid_out.schedule.momentum
    require(momentum.final is None, "schedule.momentum", "composer_momentum_constant")
    head = _HEAD.format(
        name=quoted_name(laid_out),
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
        batch_size=laid_out.stages[0].batch_size,
    )
    tail = _SCHEDULE.format(
        steps=laid_out.table.steps,
        stated=f"(1 - {momentum.value!r}) * " if laid_out.form == "normalised" else "",
        momentum=momentum.value,
        nesterov=laid_out.form == "nesterov",
    )
    return head + shared_source(laid_out) + tail
