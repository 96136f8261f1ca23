"""A published setting in runs of another length."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize, batch_size_by_epoch
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.published import PublishedSetting
from planner.schedules.published_start import exact_start, stretched_start
from planner.schedules.schedule import Schedule, check_fits, plan_steps

CONSTANT = LearningRate(initial=0.1)
DOUBLING = BatchSize(initial=8, growth=2.0, every_epochs=30)
WARM_UP = RateWarmUp(maximum=1.0, epochs=30, every_epochs=3)


def published(rate: LearningRate = CONSTANT, batch: BatchSize = DOUBLING) -> PublishedSetting:
    return PublishedSetting(
        id="ours/one",
        case="ii",
        source="here",
        data_set="cifar100",
        training_samples=50_000,
        epochs=300,
        momentum_form="normalised",
        schedule=Schedule(name="one", learning_rate=rate, batch_size=batch),
    )


def batches(schedule: Schedule, epochs: int) -> list[int]:
    sizes = batch_size_by_epoch(schedule.batch_size, epochs=epochs)
    return list(dict.fromkeys(sizes.tolist()))


def test_an_exact_start_is_the_published_schedule_with_its_own_epochs():
    setting = published()
    assert exact_start(setting, epochs=300) == setting.schedule
    assert exact_start(setting, epochs=20) == replace(setting.schedule, epochs=300)


def test_a_run_of_the_published_length_needs_no_stretching():
    setting = published(LearningRate(initial=0.1, decay="cosine", warm_up=WARM_UP))
    assert stretched_start(setting, epochs=300) == setting.schedule


def test_ten_stages_of_30_epochs_become_ten_of_2_in_20_epochs():
    found = stretched_start(published(), epochs=20)
    assert found.batch_size == BatchSize(initial=8, growth=2.0, every_epochs=2)
    assert batches(found, 20) == [8 * 2**k for k in range(10)]


def test_where_not_all_stages_fit_fewer_of_them_lead_to_the_same_last_batch():
    # ceil(12 / 10) = 2 epochs a stage, 6 stages, 5 jumps of 2^(9/5): 8 28 97 338 1177 4096.
    found = stretched_start(published(), epochs=12)
    assert found.batch_size.every_epochs == 2
    assert batches(found, 12) == [8, 28, 98, 338, 1177, 4096]


def test_a_batch_that_lands_on_a_value_still_does():
    landing = BatchSize(initial=8, growth=2.0, every_epochs=30, land_on=1024)
    assert batches(stretched_start(published(batch=landing), epochs=12), 12)[-1] == 1024


def test_a_single_epoch_has_a_single_stage():
    assert stretched_start(published(), epochs=1).batch_size == BatchSize(initial=8)


def test_a_rate_that_grows_with_the_batch_keeps_its_first_and_highest_value():
    growth = RateGrowth(maximum=1.0, every_epochs=30)
    found = stretched_start(published(LearningRate(initial=0.1, growth=growth)), epochs=12)
    rates = plan_steps(found, training_samples=5000, epochs=12).learning_rate
    assert found.learning_rate.growth == RateGrowth(maximum=1.0, every_epochs=2)
    assert (rates[0], rates[-1]) == (0.1, pytest.approx(1.0))


def test_a_warm_up_keeps_its_share_of_the_run():
    # 30 of 300 epochs in 10 jumps: 6 of 60 epochs, a jump an epoch.
    setting = published(LearningRate(initial=0.1, decay="cosine", warm_up=WARM_UP))
    found = stretched_start(setting, epochs=60).learning_rate
    assert found.warm_up == RateWarmUp(maximum=1.0, epochs=6, every_epochs=1)
    assert found.decay == "cosine"


@given(epochs=st.integers(min_value=1, max_value=700))
def test_whatever_the_length_the_course_can_be_run_and_never_has_more_stages(epochs):
    schedule = stretched_start(published(LearningRate(initial=0.1, warm_up=WARM_UP)), epochs=epochs)
    check_fits(schedule, epochs)
    found = batches(schedule, epochs)
    assert len(found) <= 10
    assert found[0] == 8
    assert found[-1] == (8 if len(found) == 1 else 4096)


def test_a_run_without_epochs_is_refused():
    for start in (exact_start, stretched_start):
        with pytest.raises(Refusal) as refused:
            start(published(), epochs=0)
        assert refused.value.field == "epochs"
