import pytest

from planner.plans.replanned import replanned
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule, plan_steps, stages

CONSTANT = BatchSize(initial=100)


def a_schedule(**changes: object) -> Schedule:
    fields = {"name": "today", "learning_rate": LearningRate(initial=0.1), "batch_size": CONSTANT}
    return Schedule(**{**fields, **changes})  # type: ignore[arg-type]


def over(schedule: Schedule, *, planned: int, epochs: int):
    again = replanned(schedule, planned_epochs=planned, epochs=epochs)
    return again, plan_steps(again, training_samples=1000, epochs=planned)


def test_a_cosine_ends_where_the_new_run_ends_and_is_not_cut():
    whole = a_schedule(learning_rate=LearningRate(initial=0.1, decay="cosine_by_step"))
    _, table = over(whole, planned=30, epochs=10)
    assert (table.steps, table.epochs) == (10 * 10, 10)
    assert table.learning_rate[50] == pytest.approx(0.05)
    assert table.learning_rate[-1] < 1e-4


def test_milestones_and_warm_up_keep_their_share_of_the_run():
    rate = LearningRate(
        initial=0.01,
        decay="step",
        milestones_epochs=(12, 18),
        warm_up=RateWarmUp(maximum=0.1, epochs=6, every_epochs=2),
    )
    again, _ = over(a_schedule(learning_rate=rate), planned=30, epochs=60)
    assert again.learning_rate.milestones_epochs == (24, 36)
    warm = again.learning_rate.warm_up
    assert (warm.epochs, warm.every_epochs) == (12, 4)


def test_milestones_that_fall_together_become_the_later_one():
    rate = LearningRate(initial=0.1, decay="stages", milestones_epochs=(10, 11), rates=(0.2, 0.3))
    again, _ = over(a_schedule(learning_rate=rate), planned=30, epochs=6)
    assert (again.learning_rate.milestones_epochs, again.learning_rate.rates) == ((2,), (0.3,))


@pytest.mark.parametrize("epochs", [5, 10, 15, 45])
def test_a_growing_batch_has_as_many_stages_in_any_run_that_is_long_enough(epochs: int):
    growing = a_schedule(
        learning_rate=LearningRate(initial=0.1, growth=RateGrowth(maximum=0.4, every_epochs=6)),
        batch_size=BatchSize(initial=8, growth=2, every_epochs=6),
        momentum=Momentum(value=0.9, shape="step", final=0.95, every_epochs=6),
    )
    again, table = over(growing, planned=30, epochs=epochs)
    assert [stage.batch_size for stage in stages(table)] == [8, 16, 32, 64, 128]
    assert table.learning_rate[-1] < table.learning_rate[0] * 4
    assert again.momentum.every_epochs == again.batch_size.every_epochs


def test_thresholds_move_with_the_run_in_every_unit():
    stepped = a_schedule(batch_size=BatchSize(thresholds="0:10 10ep:20 2000ba:40 50000sp:80"))
    again, _ = over(stepped, planned=30, epochs=15)
    assert again.batch_size.thresholds == "0:10 5ep:20 1000ba:40 25000sp:80"


def test_thresholds_that_are_far_away_or_very_near_are_moved_to_the_digit():
    stepped = a_schedule(
        batch_size=BatchSize(thresholds="0:10 0.00001ep:16 123.456788ep:20 2469134sp:40 20Msp:80")
    )
    again, _ = over(stepped, planned=30, epochs=15)
    assert again.batch_size.thresholds == (
        "0:10 0.000005ep:16 61.728394ep:20 1234567sp:40 10000000sp:80"
    )


def test_as_many_epochs_as_before_change_nothing_but_are_its_own():
    today = a_schedule()
    assert replanned(today, planned_epochs=30, epochs=30) == a_schedule(epochs=30)
