"""Ready schedules: the four families of Kondo & Iiduka (arXiv 2508.03105) and today's."""

import math
from dataclasses import replace
from typing import Literal

from planner.bounds import check_at_least
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateDecay, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule

PRESET_STAGES = 5
"""Equal stages of a growing batch in a short pilot; the paper uses 10 in 300 epochs."""

PAPER_WARM_UP_FRACTION = 0.1
"""The paper warms up over 30 of 300 epochs, in 10 jumps."""

PAPER_WARM_UP_JUMPS = 10

PlainDecay = Literal["constant", "diminishing", "linear", "polynomial", "cosine", "cosine_by_step"]


def constant_batch_decaying_rate(
    *, initial_rate: float, batch_size: int, decay: PlainDecay = "cosine", momentum: float = 0.9
) -> Schedule:
    """The paper's (i)."""
    return Schedule(
        name="constant-batch-decaying-rate",
        learning_rate=LearningRate(initial=initial_rate, decay=decay),
        batch_size=BatchSize(initial=batch_size),
        momentum=Momentum(value=momentum),
    )


def growing_batch_decaying_rate(
    *,
    initial_rate: float,
    batch_size: int,
    epochs: int,
    decay: PlainDecay = "cosine",
    growth: float = 2.0,
    stages: int = PRESET_STAGES,
    momentum: float = 0.9,
) -> Schedule:
    """The paper's (ii)."""
    return Schedule(
        name="growing-batch-decaying-rate",
        learning_rate=LearningRate(initial=initial_rate, decay=decay),
        batch_size=_growing(batch_size, growth=growth, epochs=epochs, stages=stages),
        momentum=Momentum(value=momentum),
    )


def growing_batch_growing_rate(
    *,
    initial_rate: float,
    batch_size: int,
    epochs: int,
    maximum_rate: float | None = None,
    growth: float = 2.0,
    stages: int = PRESET_STAGES,
    momentum: float = 0.9,
) -> Schedule:
    """The paper's (iii); without a maximum, the rate grows by sqrt(growth) a stage."""
    every_epochs = _stage_epochs(epochs, stages=stages)
    if maximum_rate is None:
        maximum_rate = _safe_maximum(initial_rate, growth=growth, stages=stages)
    return Schedule(
        name="growing-batch-growing-rate",
        learning_rate=LearningRate(
            initial=initial_rate,
            growth=RateGrowth(maximum=maximum_rate, every_epochs=every_epochs),
        ),
        batch_size=BatchSize(initial=batch_size, growth=growth, every_epochs=every_epochs),
        momentum=Momentum(value=momentum),
    )


def growing_batch_warmed_up_rate(
    *,
    initial_rate: float,
    batch_size: int,
    epochs: int,
    maximum_rate: float | None = None,
    decay: PlainDecay = "cosine",
    growth: float = 2.0,
    stages: int = PRESET_STAGES,
    momentum: float = 0.9,
) -> Schedule:
    """The paper's (iv): a warm-up over the first tenth of the epochs, then the decay."""
    if maximum_rate is None:
        maximum_rate = _safe_maximum(initial_rate, growth=growth, stages=stages)
    warm_up_epochs = max(1, round(PAPER_WARM_UP_FRACTION * epochs))
    return Schedule(
        name="growing-batch-warmed-up-rate",
        learning_rate=LearningRate(
            initial=initial_rate,
            decay=decay,
            warm_up=RateWarmUp(
                maximum=maximum_rate,
                epochs=warm_up_epochs,
                every_epochs=max(1, warm_up_epochs // PAPER_WARM_UP_JUMPS),
            ),
        ),
        batch_size=_growing(batch_size, growth=growth, epochs=epochs, stages=stages),
        momentum=Momentum(value=momentum),
    )


def paper_presets(
    *, initial_rate: float, batch_size: int, epochs: int, momentum: float = 0.9
) -> tuple[Schedule, ...]:
    """The paper's four from the same first batch and rate, in its order."""
    return (
        constant_batch_decaying_rate(
            initial_rate=initial_rate, batch_size=batch_size, momentum=momentum
        ),
        *(
            preset(
                initial_rate=initial_rate, batch_size=batch_size, epochs=epochs, momentum=momentum
            )
            for preset in (
                growing_batch_decaying_rate,
                growing_batch_growing_rate,
                growing_batch_warmed_up_rate,
            )
        ),
    )


def todays_schedule(
    *, initial_rate: float, batch_size: int, decay: RateDecay = "cosine", momentum: float = 0.9
) -> Schedule:
    """The baseline of a team that trains at one batch size."""
    return Schedule(
        name="today",
        role="baseline",
        learning_rate=LearningRate(initial=initial_rate, decay=decay),
        batch_size=BatchSize(initial=batch_size),
        momentum=Momentum(value=momentum),
    )


def grow_from_todays_batch(
    baseline: Schedule,
    *,
    epochs: int,
    growth: float = 2.0,
    stages: int = PRESET_STAGES,
    maximum: int | None = None,
) -> Schedule:
    """The default candidate: today's rate and momentum, a batch growing from today's first one."""
    batch = _growing(baseline.batch_size.first, growth=growth, epochs=epochs, stages=stages)
    return replace(
        baseline,
        name="grow-from-todays-batch",
        role="candidate",
        batch_size=replace(batch, maximum=maximum),
    )


def _growing(batch_size: int, *, growth: float, epochs: int, stages: int) -> BatchSize:
    return BatchSize(
        initial=batch_size, growth=growth, every_epochs=_stage_epochs(epochs, stages=stages)
    )


def _stage_epochs(epochs: int, *, stages: int) -> int:
    """Epochs of one of ``stages`` equal stages; the last one may be shorter."""
    check_at_least(stages, 1, "stages")
    check_at_least(epochs, 1, "epochs")
    return max(1, math.ceil(epochs / stages))


def _safe_maximum(initial_rate: float, *, growth: float, stages: int) -> float:
    """Rate after growing by sqrt(growth) a stage: healthy in 8 of 8 runs, growth^1.5 in none."""
    return float(initial_rate * growth ** ((stages - 1) / 2))
