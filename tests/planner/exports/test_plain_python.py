"""What a schedule says at every step, and what its exported code says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.exports.laid_out import LaidOut, checked_steps, lay_out
from planner.exports.plain_python import shared_source
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import Cooldown, LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule

EPOCHS = 6
SAMPLES = 100

RATES = [
    *(
        LearningRate(initial=0.1, decay=decay)
        for decay in ("constant", "diminishing", "linear", "polynomial", "cosine")
    ),
    LearningRate(initial=0.1, decay="cosine_by_step", minimum=0.003),
    LearningRate(initial=0.1, decay="exponential", factor=0.7),
    LearningRate(initial=0.1, decay="step", milestones_epochs=(2, 4), factor=0.3),
    LearningRate(initial=0.1, decay="stages", milestones_epochs=(1, 3), rates=(0.3, 0.02)),
    *(
        LearningRate(initial=0.1, decay="wsd", cooldown=Cooldown(steps_fraction=0.3, shape=shape))
        for shape in ("linear", "square_root", "cosine")
    ),
    LearningRate(initial=0.1, growth=RateGrowth(maximum=0.7, every_epochs=2)),
    LearningRate(initial=0.1, decay="linear", warm_up=RateWarmUp(maximum=0.4, epochs=2)),
    LearningRate(
        initial=0.1, decay="cosine", warm_up=RateWarmUp(maximum=0.4, epochs=3, shape="linear")
    ),
    LearningRate(initial=0.1, decay="cosine", to_batch=RateToBatch(rule="square_root")),
    LearningRate(initial=0.1, to_batch=RateToBatch(rule="linear", ramp_epochs=0.37)),
    LearningRate(initial=0.1, decay="cosine", to_batch=RateToBatch(rule="linear", ramp_epochs=3)),
]
BATCHES = [
    BatchSize(initial=8),
    BatchSize(initial=8, growth=2, every_epochs=2),
    BatchSize(initial=8, increase=10, every_epochs=1, maximum=40),
    BatchSize(thresholds="0:8 15ba:16 1.5ep:32 300sp:50"),
    BatchSize(initial=300),
]
MOMENTA = [
    Momentum(value=0.9),
    Momentum(value=0.9, shape="linear", final=0.95),
    Momentum(value=0.5, shape="step", final=0.9, every_epochs=2),
    Momentum(value=0.85, shape="mirrored", final=0.95),
    Momentum(value=0.9, shape="linear", final=0.8, keep_effective_rate=False),
]


def exported(laid_out: LaidOut, *, old: str = "", new: str = "") -> dict:
    """The names that the exported code defines; somebody may have changed a part of it."""
    names: dict = {}
    source = "import bisect, hashlib, json, math\n" + shared_source(laid_out)
    assert old in source
    exec(compile(source.replace(old, new), "exported", "exec"), names)  # noqa: S102 - it is what is tested
    return names


def a_layout(rate=RATES[0], batch=BATCHES[0], momentum=MOMENTA[0], form="heavy_ball") -> LaidOut:
    schedule = Schedule(name="s", learning_rate=rate, batch_size=batch, momentum=momentum)
    return lay_out(
        schedule, training_samples=SAMPLES, epochs=EPOCHS, form=form, rate_multiplier=2.0
    )


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(RATES),
    st.sampled_from(BATCHES),
    st.sampled_from(MOMENTA),
    st.sampled_from(["heavy_ball", "normalised", "nesterov"]),
)
def test_every_step_of_the_code_is_the_step_of_the_plan(rate, batch, momentum, form):
    laid_out = a_layout(rate, batch, momentum, form)
    code, table = exported(laid_out), laid_out.table
    columns = (table.epoch, table.samples - table.epoch * SAMPLES, table.items, table.batch_size)
    assert [code["at"](step) for step in range(table.steps)] == list(
        zip(*(column.tolist() for column in columns), strict=True)
    )
    for name in ("learning_rate", "momentum", "buffer_factor"):
        assert [code[name](step) for step in range(table.steps)] == pytest.approx(
            getattr(table, name).tolist(), rel=1e-12, abs=1e-18
        )
    code["self_test"]()


@pytest.mark.parametrize("column", range(6))
def test_a_table_that_somebody_changed_is_noticed_whatever_was_changed(column):
    code = exported(a_layout(RATES[4], BATCHES[1]))
    code["TABLE"][3][column] += 1
    with pytest.raises(AssertionError, match="not the one that was written"):
        code["self_test"]()


def test_code_that_somebody_changed_no_longer_fits_its_table():
    code = exported(a_layout(RATES[4], BATCHES[1]))
    code["RATE_MULTIPLIER"] = 2.001
    with pytest.raises(AssertionError):
        code["self_test"]()
    stages = exported(a_layout(RATES[4], BATCHES[1]), old="[26, 16],", new="[26, 17],")
    with pytest.raises(AssertionError):
        stages["self_test"]()


def test_the_table_holds_both_sides_of_every_stage_and_both_ends():
    laid_out = a_layout(batch=BATCHES[1])
    # 13 steps of 8 in each of two epochs, then 7 of 16, then 4 of 32.
    checked = {row.step for row in checked_steps(laid_out)}
    assert {0, 25, 26, 39, 40, 47} <= checked
    assert laid_out.table.steps == 48


def test_a_ramp_that_the_next_stage_cuts_short_goes_on_from_where_it_had_come_to():
    rule = RateToBatch(rule="linear", ramp_epochs=4.0)
    code = exported(a_layout(LearningRate(initial=0.1, to_batch=rule), BATCHES[1]))
    # Batch 8, from epoch 2 on 16, from epoch 4 on 32: half of the way from 1 to 2 is 1.5, and
    # half of the way from there to 4 is left at the end of the run.
    at_start = [code["batch_factor"](code["STAGES"][stage][0]) for stage in range(3)]
    assert at_start == pytest.approx([1, 1, 1.5])
    last = code["STEPS"] - 1
    assert code["batch_factor"](last) == pytest.approx(1.5 + 2.5 * (1 + 96 / 100) / 4)
    assert code["learning_rate"](last) == pytest.approx(2 * 0.1 * code["batch_factor"](last))
