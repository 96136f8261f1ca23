"""The part of an export that every Python trainer shares: stages, curves, table and self-test."""

import json
from textwrap import indent

from planner.exports.formula import batch_factor_lines, beta_lines, rate_lines
from planner.exports.laid_out import LaidOut, table_rows, table_sha256

_VALUES = '''\
TRAINING_SAMPLES = {training_samples}
EPOCHS = {epochs}
STEPS = {steps}
MOMENTUM_FORM = {form!r}
RATE_MULTIPLIER = {rate_multiplier!r}

STAGES = [  # first step, samples a step
{stages}
]
_FIRST_STEPS = [first for first, _ in STAGES]


def batch_size_at(step):
    """Planned samples of a step; the last step of an epoch may hold fewer."""
    return STAGES[bisect.bisect_right(_FIRST_STEPS, step) - 1][1]


def curve(step, epoch):
    """Learning rate before anything else acts on it."""
{curve}


def batch_factor(batch_size):
    """What the batch size does to the learning rate."""
{batch_factor}


def stated_rate(step, epoch, batch_size):
    """Learning rate as the schedule states it, at its first momentum."""
    return curve(step, epoch) * batch_factor(batch_size)


def momentum(step, epoch, batch_size):
    """Beta of a step."""
{momentum}


def learning_rate(step, epoch, batch_size):
    """Learning rate as the optimiser takes it."""
    rate = RATE_MULTIPLIER * stated_rate(step, epoch, batch_size)
{rate_factor}


def walk():
    """Every step: (step, epoch, first sample of the epoch, samples, batch size)."""
    step = 0
    for epoch in range(EPOCHS):
        cursor = 0
        while cursor < TRAINING_SAMPLES:
            batch_size = batch_size_at(step)
            items = min(batch_size, TRAINING_SAMPLES - cursor)
            yield step, epoch, cursor, items, batch_size
            cursor += items
            step += 1


TABLE_SHA256 = {sha256!r}
TABLE = [  # step, epoch, learning rate, batch size, samples, momentum
{table}
]


def self_test():
    """Stops with an AssertionError where this file is not the schedule that was planned."""
    found = hashlib.sha256(json.dumps(TABLE).encode()).hexdigest()
    assert found == TABLE_SHA256, "the table is not the one that was written"
    expected = {{row[0]: row for row in TABLE}}
    steps = 0
    for step, epoch, _, items, batch_size in walk():
        steps += 1
        row = expected.pop(step, None)
        if row is None:
            continue
        assert [epoch, batch_size, items] == [row[1], row[3], row[4]], (step, row)
        rate = learning_rate(step, epoch, batch_size)
        beta = momentum(step, epoch, batch_size)
        assert math.isclose(rate, row[2], rel_tol=1e-9, abs_tol=1e-15), (step, rate, row)
        assert math.isclose(beta, row[5], rel_tol=1e-9, abs_tol=1e-12), (step, beta, row)
    assert steps == STEPS and not expected, (steps, sorted(expected))
'''


def shared_source(laid_out: LaidOut) -> str:
    """Module-level code that needs ``bisect``, ``hashlib``, ``json`` and ``math`` imported."""
    rows = table_rows(laid_out)
    return _VALUES.format(
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
        steps=laid_out.table.steps,
        form=laid_out.form,
        rate_multiplier=laid_out.rate_multiplier,
        stages=_listed([[stage.first_step, stage.batch_size] for stage in laid_out.stages]),
        curve=_body(rate_lines(laid_out)),
        batch_factor=_body(batch_factor_lines(laid_out)),
        momentum=_body(beta_lines(laid_out)),
        rate_factor=_body(_rate_factor_lines(laid_out)),
        sha256=table_sha256(rows),
        table=_listed(rows),
    )


def _rate_factor_lines(laid_out: LaidOut) -> list[str]:
    """The rate follows a changing momentum so that the effective rate stays on its curve."""
    momentum = laid_out.schedule.momentum
    if not converts(laid_out):
        return ["return rate"]
    beta = "momentum(step, epoch, batch_size)"
    return [f"return rate * (1 - {beta}) / {1 - momentum.value!r}"]


def converts(laid_out: LaidOut) -> bool:
    """Whether rate and buffer are converted when momentum changes."""
    momentum = laid_out.schedule.momentum
    changes = momentum.final is not None and momentum.keep_effective_rate
    return changes and laid_out.form != "normalised"


def _body(lines: list[str]) -> str:
    return indent("\n".join(lines), "    ")


def _listed(rows: list[list[float]]) -> str:
    return "\n".join(f"    {json.dumps(row)}," for row in rows)
