import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule, plan_steps

# 8 samples an epoch; batches of 2 in the epochs 0 and 1, of 4 in 2 and 3, of 8 in 4 and 5.
DOUBLING = BatchSize(initial=2, growth=2, every_epochs=2)
BATCHES = np.repeat([2, 4, 8], [8, 4, 2])


def rates(rule: RateToBatch, batch: BatchSize = DOUBLING) -> np.ndarray:
    schedule = Schedule(
        name="s", learning_rate=LearningRate(initial=0.1, to_batch=rule), batch_size=batch
    )
    return plan_steps(schedule, training_samples=8, epochs=6).learning_rate


@pytest.mark.parametrize(
    ("rule", "power"),
    [
        (RateToBatch(rule="linear"), 1),
        (RateToBatch(rule="square_root"), 0.5),
        (RateToBatch(rule="power", exponent=0.75), 0.75),
        (RateToBatch(rule="power", exponent=-0.5), -0.5),
    ],
)
def test_the_rate_is_multiplied_by_a_power_of_what_the_batch_has_grown(rule, power):
    np.testing.assert_allclose(rates(rule), 0.1 * (BATCHES / 2) ** power, rtol=1e-12)


def test_a_ramp_moves_to_the_new_rate_over_its_epochs():
    # Linear, 2 epochs long: after the first jump 4 steps of half an epoch each, from 1 to 2;
    # after the second, 2 steps of an epoch each, from 2 to 4.
    ramped = rates(RateToBatch(rule="linear", ramp_epochs=2))
    expected = [*np.ones(8), *(1 + np.arange(4) / 4), *(2 + 2 * np.arange(2) / 2)]
    np.testing.assert_allclose(ramped, 0.1 * np.array(expected), rtol=1e-12)


def test_a_jump_in_the_middle_of_a_ramp_begins_where_the_ramp_was():
    # 4 epochs long, cut off after 2 of them: the factor is then 1 + (2 - 1)/2 = 1.5.
    ramped = rates(RateToBatch(rule="linear", ramp_epochs=4))
    expected = [*np.ones(8), *(1 + np.arange(4) / 8), *(1.5 + 2.5 * np.arange(2) / 4)]
    np.testing.assert_allclose(ramped, 0.1 * np.array(expected), rtol=1e-12)


def test_the_rule_composes_with_a_decay():
    schedule = Schedule(
        name="s",
        learning_rate=LearningRate(
            initial=0.1, decay="linear", to_batch=RateToBatch(rule="square_root")
        ),
        batch_size=DOUBLING,
    )
    table = plan_steps(schedule, training_samples=8, epochs=6)
    expected = 0.1 * (1 - np.arange(14) / 14) * np.sqrt(BATCHES / 2)
    np.testing.assert_allclose(table.learning_rate, expected, rtol=1e-12)


@given(st.floats(0.1, 3), st.floats(-1, 1))
def test_a_ramped_rate_never_leaves_what_lies_between_its_two_rates(ramp_epochs, exponent):
    ramped = rates(RateToBatch(rule="power", exponent=exponent, ramp_epochs=ramp_epochs))
    settled = 0.1 * (BATCHES / 2) ** exponent
    low, high = sorted((settled[0], settled[-1]))
    assert (ramped >= low * (1 - 1e-12)).all()
    assert (ramped <= high * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"rule": "cube"}, "rule", "choice_unknown"),
        ({"rule": "power"}, "exponent", "rate_exponent_missing"),
        ({"rule": "linear", "exponent": 1.0}, "exponent", "rate_exponent_needs_power"),
        ({"rule": "power", "exponent": 3.0}, "exponent", "out_of_range"),
        ({"rule": "linear", "ramp_epochs": -1.0}, "ramp_epochs", "negative"),
        ({"rule": "linear", "ramp_epochs": float("nan")}, "ramp_epochs", "not_finite"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_at_its_field(fields, field, code):
    with pytest.raises(Refusal) as refusal:
        RateToBatch(**fields)
    assert (refusal.value.field, refusal.value.code) == (field, code)
