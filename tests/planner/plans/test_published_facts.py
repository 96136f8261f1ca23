"""A published setting worked out for its own data."""

import pytest

from planner.plans.published_facts import published_charts, published_facts, published_state
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.published import PublishedSetting
from planner.schedules.schedule import Schedule

# 10 samples: 5 steps of 2 in the epochs 0 and 1, 3 steps of 4 (the last holds 2) in 2 and 3.
SETTING = PublishedSetting(
    id="ours/one",
    case="ii",
    source="here",
    data_set="ten",
    training_samples=10,
    epochs=4,
    momentum_form="heavy_ball",
    schedule=Schedule(
        name="one",
        learning_rate=LearningRate(initial=0.16, decay="linear"),
        batch_size=BatchSize(initial=2, growth=2.0, every_epochs=2),
    ),
)


def test_a_row_says_where_a_setting_ends_and_what_it_asks_for():
    found = published_state(SETTING)
    assert (found.family, found.last_batch_size) == ("growing_batch_decaying_rate", 4)
    assert (found.work.steps, found.work.samples) == (5 + 5 + 3 + 3, 4 * 10)
    assert found.last_learning_rate == pytest.approx(0.16 * (1 - 15 / 16))
    # Effective rates are ten times the stated ones at beta 0.9; the sum of 16/16 ... 1/16 is 8.5.
    assert found.terms.bias == pytest.approx(1 / (10 * 0.16 * 8.5))


def test_every_epoch_has_its_steps_its_batch_and_its_rates():
    found = published_facts(SETTING).epochs
    assert found.first_step == (0, 5, 10, 13)
    assert found.steps == (5, 5, 3, 3)
    assert found.batch_size == (2, 2, 4, 4)
    assert found.learning_rate == pytest.approx((0.16, 0.11, 0.06, 0.03))
    assert found.last_learning_rate == pytest.approx((0.12, 0.07, 0.04, 0.01))
    assert found.effective_learning_rate == pytest.approx((1.6, 1.1, 0.6, 0.3))
    assert set(found.momentum) == {0.9}


@pytest.mark.parametrize(("along", "end"), [("epoch", 3 + 8 / 10), ("step", 15)])
def test_rate_and_batch_are_drawn_along_the_same_axis(along, end):
    facts = published_facts(SETTING)
    rate, batch = published_charts(facts, along=along, effective=True)
    assert rate.series[0].x == batch.series[0].x
    assert rate.series[0].x[-1] == pytest.approx(end)
    assert rate.series[0].y[0] == pytest.approx(1.6)
    assert (batch.series[0].y[0], batch.series[0].y[-1]) == (2, 4)
    assert published_charts(facts, along=along, effective=False)[0].series[0].y[0] == 0.16
