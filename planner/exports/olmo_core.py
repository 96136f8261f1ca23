"""The batches of a schedule as the lists of OLMo-core's batch-size callback."""

from itertools import pairwise

from planner.exports.laid_out import LaidOut
from planner.exports.plain_python import shared_source
from planner.exports.torch_parts import quoted_name
from planner.refusal import Refusal, require

_HEAD = '''\
"""Batch sizes of a training, as the lists that OLMo-core's BatchSizeSchedulerCallback takes.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
`python THIS_FILE` checks it against its own table, needs Python alone and prints the lists.

    BatchSizeSchedulerCallback(
        batch_sizes=BATCH_SIZES,
        schedule=[Duration.steps(step) for step in FIRST_STEPS],
    )

This is text to take over with care, and no training that is the same:
- OLMo-core raises NotImplementedError where the optimizer is not of Adam's family, so it does not
  train this schedule with SGD. With Adam the table's rates and momentum mean something else.
- It multiplies the learning rate by the square root of a batch's growth by itself. The rates of its
  own scheduler are therefore `curve` below, without `batch_factor`.
- A batch only changes by a whole factor, and where the batches so far fill whole new ones.
- Its batch sizes are tokens: samples times a sequence of {sequence_length}.
"""

import bisect
import hashlib
import json
import math

'''

_LISTS = '''

SEQUENCE_LENGTH = {sequence_length}
BATCH_SIZES = [{batch_sizes}]
FIRST_STEPS = [{first_steps}]


def check_lists():
    """Stops where the lists are not the stages."""
    found = [[first, size // SEQUENCE_LENGTH] for first, size in zip(FIRST_STEPS, BATCH_SIZES)]
    assert found == STAGES, found


if __name__ == "__main__":
    self_test()
    check_lists()
    print(f"batch_sizes={{BATCH_SIZES}} schedule={{FIRST_STEPS}}")
'''


def olmo_core_source(laid_out: LaidOut, sequence_length: int | None) -> str:
    """The whole file.

    Args:
        laid_out: The schedule.
        sequence_length: Tokens in a sample.

    Raises:
        Refusal: The lists could not be given to OLMo-core, or it would change other rates.
    """
    if sequence_length is None:
        raise Refusal("sequence_length", "olmo_core_sequence_length")
    _check_batches(laid_out)
    stages = laid_out.stages
    head = _HEAD.format(
        name=quoted_name(laid_out),
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
        sequence_length=sequence_length,
    )
    tail = _LISTS.format(
        sequence_length=sequence_length,
        batch_sizes=", ".join(str(stage.batch_size * sequence_length) for stage in stages),
        first_steps=", ".join(str(stage.first_step) for stage in stages),
    )
    return head + shared_source(laid_out) + tail


def _check_batches(laid_out: LaidOut) -> None:
    rule = laid_out.schedule.learning_rate.to_batch
    follows = rule is not None and rule.power == 0.5 and rule.ramp_epochs == 0
    if len(laid_out.stages) > 1:
        require(follows, "schedule.learning_rate.to_batch", "olmo_core_square_root")
    for before, after in pairwise(laid_out.stages):
        small, large = sorted((before.batch_size, after.batch_size))
        seen = int(laid_out.table.samples[after.first_step]) % laid_out.table.training_samples
        whole = large % small == 0 and seen % after.batch_size == 0
        require(whole, "schedule.batch_size", "olmo_core_whole_factor", step=after.first_step)
