"""Any schedule that a file can state: every curve of one kind with every curve of the others."""

from typing import get_args

from hypothesis import strategies as st

from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import (
    COOLDOWN_SHAPES,
    FALLING_TO_MINIMUM,
    WARM_UP_SHAPES,
    Cooldown,
    LearningRate,
    RateDecay,
    RateGrowth,
    RateWarmUp,
)
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule

MOST_EPOCHS_DRAWN = 8

_PACES = st.integers(1, 4)
_RATES = st.floats(1e-4, 1)
_SIZES = st.integers(1, 300)

_RULES = st.none() | st.one_of(
    st.builds(
        RateToBatch,
        rule=st.sampled_from(["linear", "square_root"]),
        ramp_epochs=st.floats(0, 3),
    ),
    st.builds(
        RateToBatch, rule=st.just("power"), exponent=st.floats(-1, 1), ramp_epochs=st.floats(0, 3)
    ),
)


@st.composite
def any_thresholds(draw: st.DrawFn) -> str:
    """Positions of mixed units; each unit rises, as a file must state them."""
    written = [f"0:{draw(_SIZES)}"]
    last = {"ep": 0.0, "ba": 0.0, "sp": 0.0}
    for unit in draw(st.lists(st.sampled_from(["ep", "ba", "sp"]), max_size=5)):
        further = {"ep": st.sampled_from([0.25, 0.5, 1.0, 2.0]), "ba": st.integers(1, 30)}
        last[unit] += draw(further.get(unit, st.integers(1, 600)))
        amount = last[unit] if unit == "ep" else int(last[unit])
        written.append(f"{amount}{unit}:{draw(_SIZES)}")
    return " ".join(written)


@st.composite
def any_batch_size(draw: st.DrawFn) -> BatchSize:
    kind = draw(st.sampled_from(["constant", "growth", "land_on", "increase", "thresholds"]))
    if kind == "thresholds":
        return BatchSize(thresholds=draw(any_thresholds()))
    initial = draw(_SIZES)
    if kind == "constant":
        return BatchSize(initial=initial)
    every = draw(_PACES)
    end = initial + draw(st.integers(0, 600))
    if kind == "land_on":
        growth = draw(st.floats(1.1, 4))
        return BatchSize(initial=initial, growth=growth, every_epochs=every, land_on=end)
    maximum = draw(st.sampled_from([None, end]))
    if kind == "increase":
        added = draw(_SIZES)
        return BatchSize(initial=initial, increase=added, every_epochs=every, maximum=maximum)
    growth = draw(st.floats(1, 4))
    return BatchSize(initial=initial, growth=growth, every_epochs=every, maximum=maximum)


@st.composite
def any_learning_rate(draw: st.DrawFn) -> LearningRate:
    initial, to_batch = draw(_RATES), draw(_RULES)
    peak = initial * draw(st.floats(1, 10))
    if draw(st.booleans()) and draw(st.booleans()):
        growth = RateGrowth(maximum=peak, every_epochs=draw(_PACES))
        return LearningRate(initial=initial, growth=growth, to_batch=to_batch)
    warm_up = None
    if draw(st.booleans()):
        warm_up = RateWarmUp(
            maximum=peak,
            epochs=draw(st.integers(1, MOST_EPOCHS_DRAWN)),
            shape=draw(st.sampled_from(WARM_UP_SHAPES)),
            every_epochs=draw(_PACES),
        )
    decay = draw(st.sampled_from(get_args(RateDecay)))
    highest = initial if warm_up is None else peak
    fields = {}
    if decay in FALLING_TO_MINIMUM:
        fields["minimum"] = highest * draw(st.floats(0, 1))
    if decay == "wsd":
        share, shape = draw(st.floats(0.05, 1)), draw(st.sampled_from(COOLDOWN_SHAPES))
        fields["cooldown"] = Cooldown(steps_fraction=share, shape=shape)
    if decay in ("step", "stages"):
        milestones = draw(st.sets(st.integers(1, 12), min_size=1, max_size=4))
        fields["milestones_epochs"] = tuple(sorted(milestones))
    if decay == "stages":
        fields["rates"] = tuple(draw(_RATES) for _ in milestones)
    return LearningRate(initial=initial, decay=decay, warm_up=warm_up, to_batch=to_batch, **fields)


@st.composite
def any_momentum(draw: st.DrawFn) -> Momentum:
    value, final = draw(st.floats(0, 0.99)), draw(st.floats(0, 0.99))
    shape = draw(st.sampled_from(["constant", "linear", "step", "mirrored"]))
    if shape == "constant":
        return Momentum(value=value)
    every = draw(_PACES) if shape == "step" else None
    return Momentum(value=value, shape=shape, final=final, every_epochs=every)


def any_schedule() -> st.SearchStrategy[Schedule]:
    """Its warm-up needs at least ``MOST_EPOCHS_DRAWN`` epochs."""
    return st.builds(
        Schedule,
        name=st.just("any"),
        learning_rate=any_learning_rate(),
        batch_size=any_batch_size(),
        momentum=any_momentum(),
        rate_form=st.sampled_from([None, "heavy_ball", "normalised", "nesterov"]),
    )
