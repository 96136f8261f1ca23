"""Rates stated for one form of momentum and used in another: how far off, and converted."""

from dataclasses import replace

from planner.refusal import require
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import MomentumForm, effective_rate
from planner.schedules.schedule import Schedule


def effective_factor(schedule: Schedule, *, form: MomentumForm) -> float:
    """How many times as large the effective rate is in ``form`` as in the stated form.

    10 where rates of the normalised form are used as PyTorch's at beta 0.9; 1 where the schedule
    does not say what its rates are stated for.
    """
    if schedule.rate_form is None:
        return 1.0
    beta = schedule.momentum.value
    used = effective_rate(form, rate=1.0, beta=beta)
    return used / effective_rate(schedule.rate_form, rate=1.0, beta=beta)


def in_form(schedule: Schedule, *, form: MomentumForm) -> Schedule:
    """The schedule stated for ``form``, with the effective rate of every step as it was.

    Raises:
        Refusal: Its effective rate moves with beta, which the normalised form cannot state.
    """
    factor = effective_factor(schedule, form=form)
    momentum = schedule.momentum
    if factor != 1 and momentum.shape != "constant":
        require(
            form != "normalised" or momentum.keep_effective_rate,
            "momentum.keep_effective_rate",
            "momentum_form_not_convertible",
        )
        momentum = replace(momentum, keep_effective_rate=True)
    return replace(
        schedule,
        learning_rate=_scaled(schedule.learning_rate, 1 / factor),
        momentum=momentum,
        rate_form=form,
    )


def _scaled(rate: LearningRate, factor: float) -> LearningRate:
    """A multiple of the whole curve, without the dust of binary fractions."""

    def times(stated: float) -> float:
        return float(f"{stated * factor:.13g}")

    growth, warm_up = rate.growth, rate.warm_up
    return replace(
        rate,
        initial=times(rate.initial),
        minimum=times(rate.minimum),
        rates=tuple(map(times, rate.rates)),
        growth=None if growth is None else replace(growth, maximum=times(growth.maximum)),
        warm_up=None if warm_up is None else replace(warm_up, maximum=times(warm_up.maximum)),
    )
