import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import (
    Schedule,
    Stage,
    StepTable,
    check_fits,
    plan_steps,
    stages,
    work_parity,
)

CONSTANT_128 = BatchSize(initial=128)
DOUBLING_FROM_8 = BatchSize(initial=8, growth=2, every_epochs=30)
LANDING_ON_1024 = BatchSize(initial=8, growth=2, every_epochs=30, land_on=1024)


def a_schedule(**fields) -> Schedule:
    defaults = {
        "name": "s",
        "learning_rate": LearningRate(initial=0.1),
        "batch_size": CONSTANT_128,
    }
    return Schedule(**{**defaults, **fields})


def cifar(rate: LearningRate, batch: BatchSize) -> StepTable:
    """The paper's setting: 50,000 samples, 300 epochs."""
    schedule = a_schedule(learning_rate=rate, batch_size=batch)
    return plan_steps(schedule, training_samples=50_000, epochs=300)


def growing_to(maximum: float) -> LearningRate:
    return LearningRate(initial=0.1, growth=RateGrowth(maximum=maximum, every_epochs=30))


def warming_up_to(maximum: float, decay: str) -> LearningRate:
    warm_up = RateWarmUp(maximum=maximum, epochs=30, every_epochs=3)
    return LearningRate(initial=0.1, decay=decay, warm_up=warm_up)


def test_a_constant_batch_takes_the_published_steps():
    assert cifar(LearningRate(initial=0.1), CONSTANT_128).steps == 300 * 391


def test_a_doubling_batch_takes_the_published_steps():
    sizes = [8 * 2**stage for stage in range(10)]
    expected = sum(30 * -(-50_000 // size) for size in sizes)
    assert cifar(LearningRate(initial=0.1), DOUBLING_FROM_8).steps == expected == 374_760


@pytest.mark.parametrize(
    ("batch", "decay", "summed"),
    [
        (CONSTANT_128, "constant", 11_730),
        (CONSTANT_128, "cosine", 5_884.55),
        (CONSTANT_128, "linear", 5_865.05),
        (CONSTANT_128, "polynomial", 3_910.05),
        (CONSTANT_128, "diminishing", 68.3522857),
        (DOUBLING_FROM_8, "constant", 37_476),
        (DOUBLING_FROM_8, "cosine", 34_213.5144),
        (DOUBLING_FROM_8, "linear", 18_738.05),
        (DOUBLING_FROM_8, "polynomial", 12_492.05),
        (DOUBLING_FROM_8, "diminishing", 122.289335),
    ],
)
def test_decays_sum_to_the_published_rates(batch, decay, summed):
    work = work_parity(cifar(LearningRate(initial=0.1, decay=decay), batch), form="normalised")
    assert work.summed_rate == pytest.approx(summed, rel=1e-8)
    assert work.summed_effective_rate == work.summed_rate


@pytest.mark.parametrize(
    ("rate", "summed"),
    [
        (growing_to(0.2), 40_697.2069),
        (growing_to(0.5), 46_396.0792),
        (growing_to(1.0), 52_327.9767),
        (warming_up_to(0.2, "constant"), 64_622.0114),
        (warming_up_to(0.5, "constant"), 141_306.815),
        (warming_up_to(1.0, "constant"), 263_890.361),
        (warming_up_to(0.2, "cosine"), 60_770.1106),
        (warming_up_to(0.5, "cosine"), 131_677.063),
        (warming_up_to(1.0, "cosine"), 244_630.857),
    ],
)
def test_growths_and_warm_ups_sum_to_the_published_rates(rate, summed):
    assert cifar(rate, DOUBLING_FROM_8).learning_rate.sum() == pytest.approx(summed, rel=1e-8)


def test_tiny_imagenet_takes_the_published_steps_and_rates():
    schedule = a_schedule(learning_rate=growing_to(1.0), batch_size=LANDING_ON_1024)
    table = plan_steps(schedule, training_samples=100_000, epochs=300)
    assert table.steps == 1_190_190
    assert table.learning_rate.sum() == pytest.approx(203_506.239, rel=1e-8)


def test_work_counts_steps_samples_and_effective_rates():
    schedule = a_schedule(batch_size=BatchSize(initial=40), momentum=Momentum(value=0.9))
    table = plan_steps(schedule, training_samples=100, epochs=2)
    work = work_parity(table, form="heavy_ball")
    assert (work.steps, work.samples) == (2 * 3, 2 * 100)
    assert work.summed_rate == pytest.approx(6 * 0.1)
    assert work.summed_effective_rate == pytest.approx(6 * 0.1 / (1 - 0.9))


def test_the_last_step_of_an_epoch_holds_what_is_left():
    schedule = a_schedule(batch_size=BatchSize(thresholds="0:40 1ep:60"))
    table = plan_steps(schedule, training_samples=100, epochs=2, rate_multiplier=2)
    assert table.items.tolist() == [40, 40, 20, 60, 40]
    assert table.samples.tolist() == [0, 40, 80, 100, 160]
    assert table.batch_size.tolist() == [40, 40, 40, 60, 60]
    assert table.epoch.tolist() == [0, 0, 0, 1, 1]
    assert table.learning_rate.tolist() == [2 * 0.1] * 5
    assert table.momentum.tolist() == [0.9] * 5
    assert not table.capped_at_data


def test_stages_are_runs_of_one_batch_size():
    schedule = a_schedule(batch_size=BatchSize(thresholds="0:40 50sp:60 2ep:40"))
    table = plan_steps(schedule, training_samples=100, epochs=3)
    # Epoch 0: 40, 40, then 20 as one step of 60; epoch 1: 60, 40; epoch 2: 40, 40, 20.
    assert stages(table) == (
        Stage(first_step=0, steps=2, batch_size=40, samples=80, first_epoch=0),
        Stage(first_step=2, steps=3, batch_size=60, samples=120, first_epoch=0),
        Stage(first_step=5, steps=3, batch_size=40, samples=100, first_epoch=2),
    )


@settings(max_examples=40)
@given(
    st.integers(1, 500), st.integers(1, 12), st.integers(1, 64), st.floats(1, 3), st.integers(1, 4)
)
def test_samples_are_the_running_total_of_items(n, epochs, initial, growth, every):
    batch = BatchSize(initial=initial, growth=growth, every_epochs=every)
    table = plan_steps(a_schedule(batch_size=batch), training_samples=n, epochs=epochs)
    np.testing.assert_array_equal(table.samples, np.cumsum(table.items) - table.items)
    assert table.items.sum() == n * epochs
    assert ((table.items >= 1) & (table.items <= table.batch_size)).all()
    assert sum(stage.steps for stage in stages(table)) == table.steps


def test_a_warm_up_longer_than_the_run_is_refused_with_both_lengths():
    schedule = a_schedule(learning_rate=warming_up_to(1.0, "cosine"))
    check_fits(schedule, 30)
    with pytest.raises(Refusal) as refusal:
        plan_steps(schedule, training_samples=100, epochs=29)
    assert refusal.value.field == "learning_rate.warm_up.epochs"
    assert refusal.value.code == "warm_up_longer_than_run"
    assert refusal.value.params == {"warm_up_epochs": 30, "epochs": 29}


@pytest.mark.parametrize(
    ("arguments", "field", "code"),
    [
        ({"training_samples": 0}, "training_samples", "below_minimum"),
        ({"epochs": 0}, "epochs", "below_minimum"),
        ({"rate_multiplier": float("nan")}, "rate_multiplier", "not_finite"),
        ({"rate_multiplier": 0.0}, "rate_multiplier", "not_positive"),
        ({"training_samples": 10**9, "epochs": 300}, "batch_size", "too_many_steps"),
        ({"epochs": 10**9}, "epochs", "too_many_steps"),
    ],
)
def test_a_run_that_cannot_be_planned_is_refused(arguments, field, code):
    with pytest.raises(Refusal) as refusal:
        plan_steps(a_schedule(), **{"training_samples": 100, "epochs": 3, **arguments})
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_schedule_without_a_name_is_refused():
    with pytest.raises(Refusal) as refusal:
        a_schedule(name=" ")
    assert refusal.value.field == "name"
