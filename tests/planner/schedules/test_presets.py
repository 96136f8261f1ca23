import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.presets import (
    constant_batch_decaying_rate,
    grow_from_todays_batch,
    growing_batch_decaying_rate,
    growing_batch_growing_rate,
    growing_batch_warmed_up_rate,
    paper_presets,
    todays_schedule,
)
from planner.schedules.schedule import plan_steps, stages

PAPER = {"initial_rate": 0.1, "batch_size": 8, "epochs": 300, "stages": 10}
PAPERS_BATCH = BatchSize(initial=8, growth=2, every_epochs=30)


def test_the_first_family_is_the_papers_constant_batch_with_a_decay():
    schedule = constant_batch_decaying_rate(initial_rate=0.1, batch_size=128)
    assert schedule.batch_size == BatchSize(initial=128)
    assert schedule.learning_rate == LearningRate(initial=0.1, decay="cosine")


def test_the_second_family_is_the_papers_doubling_batch_with_a_decay():
    schedule = growing_batch_decaying_rate(**PAPER, decay="polynomial")
    assert schedule.batch_size == PAPERS_BATCH
    assert schedule.learning_rate == LearningRate(initial=0.1, decay="polynomial")


def test_the_third_family_is_the_papers_doubling_batch_with_a_tenfold_rate():
    schedule = growing_batch_growing_rate(**PAPER, maximum_rate=1.0, momentum=0.87)
    assert schedule.batch_size == PAPERS_BATCH
    assert schedule.learning_rate == LearningRate(
        initial=0.1, growth=RateGrowth(maximum=1.0, every_epochs=30)
    )
    assert schedule.momentum == Momentum(value=0.87)


def test_the_fourth_family_is_the_papers_warm_up_over_thirty_epochs_in_threes():
    schedule = growing_batch_warmed_up_rate(**PAPER, maximum_rate=0.5)
    assert schedule.batch_size == PAPERS_BATCH
    assert schedule.learning_rate == LearningRate(
        initial=0.1,
        decay="cosine",
        warm_up=RateWarmUp(maximum=0.5, epochs=30, every_epochs=3),
    )


def test_without_a_maximum_the_rate_grows_by_the_root_of_the_batchs_growth():
    schedule = growing_batch_growing_rate(initial_rate=0.1, batch_size=8, epochs=30)
    growth = schedule.learning_rate.growth
    assert growth is not None
    assert growth.maximum == pytest.approx(0.1 * (2**0.5) ** 4)


def test_the_default_candidate_changes_nothing_but_the_batch():
    baseline = todays_schedule(initial_rate=0.1, batch_size=256, momentum=0.95)
    candidate = grow_from_todays_batch(baseline, epochs=30, maximum=1024)
    assert (baseline.role, candidate.role) == ("baseline", "candidate")
    assert candidate.learning_rate == baseline.learning_rate
    assert candidate.momentum == baseline.momentum
    assert candidate.batch_size == BatchSize(initial=256, growth=2, every_epochs=6, maximum=1024)


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 64), st.floats(1e-4, 1))
def test_every_preset_can_be_planned_for_any_number_of_epochs(epochs, batch_size, rate):
    for schedule in paper_presets(initial_rate=rate, batch_size=batch_size, epochs=epochs):
        table = plan_steps(schedule, training_samples=200, epochs=epochs)
        assert table.batch_size[0] == batch_size
        assert table.learning_rate[0] == pytest.approx(rate)
        assert len(stages(table)) <= 5


def test_a_growth_without_stages_is_refused():
    with pytest.raises(Refusal) as refusal:
        growing_batch_decaying_rate(initial_rate=0.1, batch_size=8, epochs=30, stages=0)
    assert refusal.value.field == "stages"
