"""A command line of Megatron-LM read back as a schedule."""

import math
import shlex
from dataclasses import dataclass

from planner.exports.megatron_run import (
    MOST_FLAG_STEPS,
    FlagError,
    MegatronRun,
    megatron_run,
    megatron_steps,
)
from planner.refusal import Refusal, require
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import (
    Cooldown,
    CooldownShape,
    LearningRate,
    RateDecay,
    RateWarmUp,
)
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule, plan_steps

_DECAYS: dict[str, RateDecay] = {
    "constant": "constant",
    "linear": "linear",
    "cosine": "cosine_by_step",
    "WSD": "wsd",
}
_COOLDOWNS: dict[str, CooldownShape] = {
    "linear": "linear",
    "cosine": "cosine",
    "minus_sqrt": "square_root",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRun:
    """A run that somebody else's flags describe.

    Attributes:
        schedule: Of momentum form heavy ball.
        training_samples: Samples in one epoch.
        epochs: Of the run.
    """

    schedule: Schedule
    training_samples: int
    epochs: int


def read_megatron(text: str, *, name: str, training_samples: int | None = None) -> ReadRun:
    """The schedule that a command line states.

    Args:
        text: The flags, as they stand in a shell script.
        name: Of the schedule.
        training_samples: Samples in one epoch, which Megatron does not know; by default the
            warm-up is a whole number of epochs, and without one the run is a single epoch.

    Raises:
        Refusal: A flag is missing or not readable, or a schedule cannot say the same.
    """
    try:
        run = megatron_run(shlex.split(text, comments=True))
    except FlagError as error:
        raise Refusal("text", error.code, flag=error.flag) from error
    except ValueError as error:
        raise Refusal("text", "megatron_not_readable") from error
    smallest = min(size for _, size in run.batch_sizes)
    fits = run.samples // smallest <= MOST_FLAG_STEPS
    require(fits, "text", "too_many_steps", most=MOST_FLAG_STEPS)
    steps = list(megatron_steps(run))
    require(bool(steps), "text", "megatron_no_step")
    samples = steps[-1][0] + steps[-1][1]
    epoch = training_samples or math.gcd(samples, run.warm_up_samples)
    whole = samples % epoch == 0 and run.warm_up_samples % epoch == 0
    require(whole, "training_samples", "megatron_epochs_not_whole", samples=samples)
    try:
        schedule = _schedule(run, name=name, steps=steps, epoch=epoch)
    except Refusal as refusal:
        raise Refusal("text", refusal.code, **refusal.params) from refusal
    read = ReadRun(schedule=schedule, training_samples=epoch, epochs=samples // epoch)
    _check_same(read, steps)
    return read


def _schedule(
    run: MegatronRun, *, name: str, steps: list[tuple[int, int, float]], epoch: int
) -> Schedule:
    warm_up = None
    if run.warm_up_samples:
        warm_up = RateWarmUp(
            maximum=run.maximum, epochs=run.warm_up_samples // epoch, shape="linear"
        )
    cooldown = None
    if run.decay == "WSD":
        after = [seen for seen, _, _ in steps if seen >= run.warm_up_samples]
        require(bool(after), "text", "megatron_flag_warm_up", flag="--lr-warmup-samples")
        begun = run.decay_samples - run.cooldown_samples
        share = sum(seen >= begun for seen in after) / len(after)
        cooldown = Cooldown(steps_fraction=share, shape=_COOLDOWNS[run.cooldown])
    rate = LearningRate(
        initial=run.initial if warm_up else run.maximum,
        decay=_DECAYS[run.decay],
        minimum=run.minimum if run.decay != "constant" else 0.0,
        warm_up=warm_up,
        cooldown=cooldown,
    )
    return Schedule(
        name=name, learning_rate=rate, batch_size=_batch(run), momentum=Momentum(value=run.momentum)
    )


def _batch(run: MegatronRun) -> BatchSize:
    if len(run.batch_sizes) == 1:
        return BatchSize(initial=run.batch_sizes[0][1])
    later = [f"{start}sp:{size}" for start, size in run.batch_sizes[1:]]
    return BatchSize(thresholds=" ".join([f"0:{run.batch_sizes[0][1]}", *later]))


def _check_same(read: ReadRun, steps: list[tuple[int, int, float]]) -> None:
    """A schedule decays by steps or epochs, Megatron by samples: not every run is a schedule."""
    table = plan_steps(read.schedule, training_samples=read.training_samples, epochs=read.epochs)
    ours = zip(table.items.tolist(), table.learning_rate.tolist(), strict=True)
    for step, ((_, size, rate), (items, mine)) in enumerate(zip(steps, ours, strict=False)):
        same = size == items and math.isclose(rate, mine, rel_tol=1e-9, abs_tol=1e-15)
        require(same, "text", "megatron_differs", step=step, rate=rate, ours=mine)
