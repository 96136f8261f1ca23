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


def _parts():
    """Steps of one epoch and one batch size: first step, epoch, first sample of the epoch, size."""
    step = 0
    for epoch in range(EPOCHS):
        cursor = 0
        while cursor < TRAINING_SAMPLES:
            stage = bisect.bisect_right(_FIRST_STEPS, step) - 1
            batch_size = STAGES[stage][1]
            yield step, epoch, cursor, batch_size
            steps = -(-(TRAINING_SAMPLES - cursor) // batch_size)
            if stage + 1 < len(STAGES):
                steps = min(steps, STAGES[stage + 1][0] - step)
            step += steps
            cursor += steps * batch_size


_PARTS = list(_parts())
_PART_STEPS = [part[0] for part in _PARTS]


def at(step):
    """Where a step is: epoch, first sample of the epoch, samples, planned samples."""
    first, epoch, cursor, batch_size = _PARTS[bisect.bisect_right(_PART_STEPS, step) - 1]
    cursor += (step - first) * batch_size
    return epoch, cursor, min(batch_size, TRAINING_SAMPLES - cursor), batch_size


def curve(step, epoch):
    """Learning rate before anything else acts on it."""
{curve}


def batch_factor(step):
    """What the batch size does to the learning rate."""
{batch_factor}


def stated_rate(step):
    """Learning rate as the schedule states it, at its first momentum."""
    return curve(step, at(step)[0]) * batch_factor(step)


def momentum(step):
    """Beta of a step."""
{momentum}


def learning_rate(step):
    """Learning rate as the optimiser takes it."""
    rate = RATE_MULTIPLIER * stated_rate(step)
{rate_factor}


def buffer_factor(step):
    """On the momentum buffer before a step; 1 unless momentum has just changed."""
{buffer_factor}


TABLE_SHA256 = {sha256!r}
TABLE = [  # step, epoch, learning rate, batch size, samples, momentum
{table}
]


def self_test():
    """Stops with an AssertionError where this file is not the schedule that was planned."""
    found = hashlib.sha256(json.dumps(TABLE).encode()).hexdigest()
    assert found == TABLE_SHA256, "the table is not the one that was written"
    expected = {{row[0]: row for row in TABLE}}
    seen = 0
    for step in range(STEPS):
        epoch, cursor, items, batch_size = at(step)
        assert seen == epoch * TRAINING_SAMPLES + cursor, "a sample is skipped or repeated"
        seen += items
        row = expected.pop(step, None)
        if row is None:
            continue
        assert [epoch, batch_size, items] == [row[1], row[3], row[4]], (step, row)
        rate, beta = learning_rate(step), momentum(step)
        assert math.isclose(rate, row[2], rel_tol=1e-9, abs_tol=1e-15), (step, rate, row)
        assert math.isclose(beta, row[5], rel_tol=1e-9, abs_tol=1e-12), (step, beta, row)
    assert seen == EPOCHS * TRAINING_SAMPLES and not expected, (seen, sorted(expected))
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
        buffer_factor=_body(_buffer_factor_lines(laid_out)),
        sha256=table_sha256(rows),
        table=_listed(rows),
    )


def _rate_factor_lines(laid_out: LaidOut) -> list[str]:
    """The rate follows a changing momentum so that the effective rate stays on its curve."""
    momentum = laid_out.schedule.momentum
    if not _converts(laid_out):
        return ["return rate"]
    return [f"return rate * (1 - momentum(step)) / {1 - momentum.value!r}"]


def _buffer_factor_lines(laid_out: LaidOut) -> list[str]:
    if not _converts(laid_out):
        return ["return 1.0"]
    return [
        "before, now = momentum(max(step - 1, 0)), momentum(step)",
        "return 1.0 if before == now else (1 - before) / (1 - now)",
    ]


def _converts(laid_out: LaidOut) -> bool:
    """Whether rate and buffer are converted when momentum changes."""
    momentum = laid_out.schedule.momentum
    changes = momentum.final is not None and momentum.keep_effective_rate
    return changes and laid_out.form != "normalised"


def _body(lines: list[str]) -> str:
    return indent("\n".join(lines), "    ")


def _listed(rows: list[list[float]]) -> str:
    return "\n".join(f"    {json.dumps(row)}," for row in rows)
