"""Learning rate and momentum as lines of plain Python.

The lines are bodies of functions of ``step`` (``curve`` of ``step`` and ``epoch``) beside ``at``,
``_FIRST_STEPS`` and ``TRAINING_SAMPLES`` of `plain_python`, and need the modules ``bisect`` and
``math``; every constant in them is spelled as Python spells it: no digit is lost.
"""

import numpy as np

from planner.exports.laid_out import LaidOut
from planner.schedules.learning_rate import Cooldown, LearningRate, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch, batch_factor

Lines = list[str]


def rate_lines(laid_out: LaidOut) -> Lines:
    """Body of ``curve``: the rate of a step before batch size, momentum and multiplier."""
    rate = laid_out.schedule.learning_rate
    epochs = laid_out.table.epochs
    if rate.growth is not None:
        top, every = rate.growth.maximum, rate.growth.every_epochs
        return [f"return {_stairs(rate.initial, top, every=every, epochs=epochs)}"]
    if rate.warm_up is None:
        return _decay_lines(rate, steps=laid_out.table.steps, epochs=epochs)
    warm = rate.warm_up
    first = int(np.searchsorted(laid_out.table.epoch, warm.epochs))
    after = _decay_lines(rate, steps=laid_out.table.steps - first, epochs=epochs - warm.epochs)
    return [
        f"if epoch < {warm.epochs}:",
        f"    return {_warm_up(rate.initial, warm, steps=first)}",
        f"step, epoch = step - {first}, epoch - {warm.epochs}",
        *after,
    ]


def _warm_up(initial: float, warm: RateWarmUp, *, steps: int) -> str:
    if warm.shape == "linear":
        return f"{warm.maximum!r} + {initial - warm.maximum!r} * (1 - step / {steps})"
    return _stairs(initial, warm.maximum, every=warm.every_epochs, epochs=warm.epochs)


def _stairs(initial: float, top: float, *, every: int, epochs: int) -> str:
    last = -(-epochs // every) - 1
    if last == 0:
        return f"{initial!r}"
    return f"min({initial!r} * {top / initial!r} ** (epoch // {every} / {last}), {top!r})"


def _decay_lines(rate: LearningRate, *, steps: int, epochs: int) -> Lines:
    """The decay of ``steps`` steps in ``epochs`` epochs, both counted from its own start."""
    peak, left = rate.peak, f"(1 - step / {max(steps, 1)})"
    if rate.decay == "wsd":
        return _cooldown_lines(rate, steps=steps)
    if rate.decay == "stages":
        stages = (peak, *rate.rates)
        return [f"return {stages!r}[bisect.bisect_right({rate.milestones_epochs!r}, epoch)]"]
    passed = f"bisect.bisect_right({rate.milestones_epochs!r}, epoch)"
    plain = {
        "constant": f"{peak!r}",
        "diminishing": f"{peak!r} / math.sqrt(step + 1)",
        "exponential": f"{peak!r} * {rate.factor!r} ** epoch",
        "step": f"{peak!r} * {rate.factor!r} ** {passed}",
    }
    if rate.decay in plain:
        return [f"return {plain[rate.decay]}"]
    share = {
        "linear": left,
        "polynomial": f"{left} ** {rate.power!r}",
        "cosine": f"(1 + math.cos(math.pi * epoch / {max(epochs, 1)})) / 2",
        "cosine_by_step": f"(1 + math.cos(math.pi * step / {max(steps, 1)})) / 2",
    }[rate.decay]
    return [f"return {_between(rate, share)}"]


def _cooldown_lines(rate: LearningRate, *, steps: int) -> Lines:
    cooldown = rate.cooldown or Cooldown()
    first = steps - round(cooldown.steps_fraction * steps)
    done = f"(step - {first}) / {max(steps - first, 1)}"
    left = {
        "linear": f"1 - {done}",
        "square_root": f"1 - math.sqrt({done})",
        "cosine": f"(1 + math.cos(math.pi * {done})) / 2",
    }[cooldown.shape]
    return [
        f"if step < {first}:",
        f"    return {rate.peak!r}",
        f"return {_between(rate, f'({left})')}",
    ]


def _between(rate: LearningRate, left: str) -> str:
    if rate.minimum == 0:
        return f"{rate.peak!r} * {left}"
    return f"{rate.minimum!r} + {rate.peak - rate.minimum!r} * {left}"


def batch_factor_lines(laid_out: LaidOut) -> Lines:
    """Body of ``batch_factor``: what the batch size does to the rate."""
    rule = laid_out.schedule.learning_rate.to_batch
    if rule is None:
        return ["return 1.0"]
    first = laid_out.stages[0].batch_size
    settled = f"(at(step)[3] / {first}) ** {rule.power!r}"
    if rule.ramp_epochs == 0:
        return [f"return {settled}"]
    return [
        "epoch, cursor, _, batch_size = at(step)",
        "stage = bisect.bisect_right(_FIRST_STEPS, step) - 1",
        "# Of every stage: samples seen before it, and the factor that its ramp starts from.",
        f"begun, reached = {_ramp_starts(laid_out, rule)!r}[stage]",
        f"settled = (batch_size / {first}) ** {rule.power!r}",
        "gone = epoch + cursor / TRAINING_SAMPLES - begun / TRAINING_SAMPLES",
        f"return reached + (settled - reached) * min(gone / {rule.ramp_epochs!r}, 1.0)",
    ]


def _ramp_starts(laid_out: LaidOut, rule: RateToBatch) -> list[tuple[int, float]]:
    """The ramp before may be left in its middle: a stage starts where it has come to."""
    table = laid_out.table
    factors = batch_factor(
        rule,
        batch_size=table.batch_size,
        samples=table.samples,
        training_samples=table.training_samples,
    )
    first = [stage.first_step for stage in laid_out.stages]
    return [(int(table.samples[step]), float(factors[step])) for step in first]


def beta_lines(laid_out: LaidOut) -> Lines:
    """Body of ``momentum``."""
    momentum = laid_out.schedule.momentum
    if momentum.final is None:
        return [f"return {momentum.value!r}"]
    way = momentum.final - momentum.value
    return [f"return {momentum.value!r} + {way!r} * ({_gone(momentum, laid_out)})"]


def _gone(momentum: Momentum, laid_out: LaidOut) -> str:
    """Share of the way from the first beta to the last."""
    if momentum.shape == "linear":
        return f"step / {max(laid_out.table.steps - 1, 1)}"
    if momentum.shape == "step" and momentum.every_epochs is not None:
        last = max(-(-laid_out.table.epochs // momentum.every_epochs) - 1, 1)
        return f"at(step)[0] // {momentum.every_epochs} / {last}"
    highest, lowest = _stated_ends(laid_out)
    span = (highest - lowest) or 1.0
    return f"({highest!r} - stated_rate(step)) / {span!r}"


def _stated_ends(laid_out: LaidOut) -> tuple[float, float]:
    """Highest and lowest stated rate, multiplier and momentum's own factor taken out."""
    table, momentum = laid_out.table, laid_out.schedule.momentum
    stated = table.learning_rate / laid_out.rate_multiplier
    if laid_out.form != "normalised" and momentum.keep_effective_rate:
        stated = stated * (1 - momentum.value) / (1 - table.momentum)
    return float(stated.max()), float(stated.min())
