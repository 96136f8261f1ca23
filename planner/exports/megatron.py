"""A schedule as flags of Megatron-LM, in a file that checks them against its table."""

import inspect
import math
from itertools import pairwise
from typing import Any

import numpy as np

from planner.exports import megatron_run
from planner.exports.laid_out import LaidOut, table_rows, table_sha256
from planner.exports.torch_parts import quoted_name
from planner.refusal import Refusal, require
from planner.schedules.learning_rate import Cooldown

_FILE = '''\
"""Learning rate, batch size and momentum of a training with SGD, as flags of Megatron-LM.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
It needs Python alone. `python THIS_FILE` checks the flags against its own table, by the arithmetic
of Megatron-LM, and prints them:

    torchrun ... pretrain_gpt.py $(python THIS_FILE) ...

What flags cannot say: the order of samples (Megatron's own), and a shorter step at the end of an
epoch (there is none here). Batches must be divisible by micro batch times data-parallel size.
Weight decay and clipping are yours; Megatron's defaults are 0.01 and 1.0.
"""

import hashlib
import json
import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

FLAGS = [
{flags}
]
STEPS = {steps}

TABLE_SHA256 = {sha256!r}
TABLE = [  # step, epoch, learning rate, batch size, samples, momentum
{table}
]


{arithmetic}

def self_test():
    """Stops with an AssertionError where the flags are not the schedule that was planned."""
    found = hashlib.sha256(json.dumps(TABLE).encode()).hexdigest()
    assert found == TABLE_SHA256, "the table is not the one that was written"
    run = megatron_run(FLAGS)
    expected = {{row[0]: row for row in TABLE}}
    steps = 0
    for step, (_, batch_size, rate) in enumerate(megatron_steps(run)):
        steps += 1
        row = expected.pop(step, None)
        if row is None:
            continue
        assert [batch_size, batch_size, run.momentum] == row[3:], (step, row)
        assert math.isclose(rate, row[2], rel_tol=1e-9, abs_tol=1e-15), (step, rate, row)
    assert steps == STEPS and not expected, (steps, sorted(expected))


if __name__ == "__main__":
    self_test()
    print(shlex.join(FLAGS))
'''

_DECAYS = {"constant": "constant", "linear": "linear", "cosine_by_step": "cosine", "wsd": "WSD"}
_COOLDOWNS = {"linear": "linear", "cosine": "cosine", "square_root": "minus_sqrt"}


def megatron_source(laid_out: LaidOut, sequence_length: int | None = None) -> str:
    """The whole file.

    Args:
        laid_out: The schedule.
        sequence_length: Tokens in a sample; needed where batches do not grow by equal steps.

    Raises:
        Refusal: Megatron would not do at every step what the schedule says.
    """
    flags = megatron_flags(laid_out, sequence_length)
    rows = table_rows(laid_out)
    return _FILE.format(
        name=quoted_name(laid_out),
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
        flags="\n".join(f"    {flag!r}," for flag in flags),
        steps=laid_out.table.steps,
        sha256=table_sha256(rows),
        table="\n".join(f"    {row}," for row in rows),
        arithmetic="\n\n".join(inspect.getsource(part) for part in _carried()),
    )


def _carried() -> list[Any]:
    """Classes and functions of the arithmetic, in the order of its module."""
    return [
        found
        for found in vars(megatron_run).values()
        if getattr(found, "__module__", "") == megatron_run.__name__
    ]


def megatron_flags(laid_out: LaidOut, sequence_length: int | None = None) -> list[str]:
    """The flags, one word each.

    Raises:
        Refusal: Megatron would not do at every step what the schedule says.
    """
    momentum = laid_out.schedule.momentum
    require(laid_out.form == "heavy_ball", "momentum_form", "megatron_heavy_ball_only")
    require(momentum.final is None, "schedule.momentum", "megatron_momentum_constant")
    table, most = laid_out.table, megatron_run.MOST_FLAG_STEPS
    require(table.steps <= most, "schedule.batch_size", "too_many_steps", most=most)
    short = np.flatnonzero(table.items != table.batch_size)
    if len(short):
        raise Refusal(
            "schedule.batch_size",
            "megatron_short_step",
            batch_size=int(table.batch_size[short[0]]),
            samples=table.training_samples,
        )
    flags = [
        *("--train-samples", str(int(table.items.sum()))),
        *_batch_flags(laid_out, sequence_length),
        *_rate_flags(laid_out),
        *("--optimizer", "sgd", "--sgd-momentum", repr(momentum.value)),
    ]
    _check_same(laid_out, flags)
    return flags


def _batch_flags(laid_out: LaidOut, sequence_length: int | None) -> list[str]:
    sizes = [stage.batch_size for stage in laid_out.stages]
    starts = [int(laid_out.table.samples[stage.first_step]) for stage in laid_out.stages]
    if len(sizes) == 1:
        return ["--global-batch-size", str(sizes[0])]
    jumps = {later - before for before, later in pairwise(sizes)}
    lengths = {later - before for before, later in pairwise(starts)}
    if len(jumps) == 1 and len(lengths) == 1 and min(jumps) > 0:
        ramp = (sizes[0], jumps.pop(), starts[-1])
        return [
            *("--rampup-batch-size", *map(str, ramp)),
            *("--global-batch-size", str(sizes[-1])),
        ]
    if sequence_length is None:
        raise Refusal("sequence_length", "megatron_sequence_length")
    pairs = zip(starts, sizes, strict=True)
    written = ",".join(f"{start * sequence_length}:{size}" for start, size in pairs)
    return ["--step-batch-size-schedule", written, "--seq-length", str(sequence_length)]


def _rate_flags(laid_out: LaidOut) -> list[str]:
    rate, table = laid_out.schedule.learning_rate, laid_out.table
    plain = rate.growth is None and rate.decay in _DECAYS
    plain = plain and (rate.warm_up is None or rate.warm_up.shape == "linear")
    require(plain, "schedule.learning_rate", "megatron_rate_shape")
    factor, samples = laid_out.rate_multiplier, int(table.items.sum())
    first, warming = 0, []
    if rate.warm_up is not None:
        warm_up = rate.warm_up.epochs * table.training_samples
        first = int(np.searchsorted(table.epoch, rate.warm_up.epochs))
        warming = ["--lr-warmup-samples", str(warm_up)]
        warming += ["--lr-warmup-init", repr(factor * rate.initial)]
    decay, cooling = _DECAYS[rate.decay], []
    if rate.decay == "wsd":
        cooldown = rate.cooldown or Cooldown()
        steps = round(cooldown.steps_fraction * (table.steps - first))
        if steps:
            cooled = samples - int(table.samples[table.steps - steps])
            cooling = ["--lr-wsd-decay-style", _COOLDOWNS[cooldown.shape]]
            cooling += ["--lr-wsd-decay-samples", str(cooled)]
        else:
            decay = "constant"
    return [
        *("--lr", repr(factor * rate.peak), "--min-lr", repr(factor * rate.minimum)),
        *("--lr-decay-style", decay, "--lr-decay-samples", str(samples)),
        *warming,
        *cooling,
    ]


def _check_same(laid_out: LaidOut, flags: list[str]) -> None:
    """Megatron counts samples, so many a curve of steps is another one there."""
    try:
        run = megatron_run.megatron_run(flags)
    except megatron_run.FlagError as error:
        raise Refusal("schedule.learning_rate", error.code, flag=error.flag) from error
    table = laid_out.table
    planned = zip(table.batch_size.tolist(), table.learning_rate.tolist(), strict=True)
    steps = zip(megatron_run.megatron_steps(run), planned, strict=False)
    for step, ((_, there, rate), (here, ours)) in enumerate(steps):
        same = there == here and math.isclose(rate, ours, rel_tol=1e-9, abs_tol=1e-15)
        require(same, "schedule.learning_rate", "megatron_differs", step=step, rate=rate, ours=ours)
