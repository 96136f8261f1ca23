"""Laws of the executed path: no sample twice, none left out, nothing changed before a return."""

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.pilots.divergence import Rollback
from planner.pilots.executed import executed_table, fallen_at, rollbacks_of, taken_up
from planner.pilots.run import Attempt, AttemptCause
from planner.schedules.batch_size import BatchSize
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule, StepTable, plan_steps

SAMPLES, EPOCHS = 100, 4


def a_table(batch_size: int, *, rate: float = 0.1, growth: float | None = None) -> StepTable:
    growing = {} if growth is None else {"growth": growth, "every_epochs": 1}
    schedule = Schedule(
        name=f"batch {batch_size}",
        learning_rate=LearningRate(initial=rate, decay="cosine"),
        batch_size=BatchSize(initial=batch_size, **growing),  # type: ignore[arg-type]
        momentum=Momentum(value=0.9, shape="linear", final=0.5),
    )
    return plan_steps(schedule, training_samples=SAMPLES, epochs=EPOCHS)


def arrays(table: StepTable, part: slice) -> dict[str, list[float]]:
    return {
        field.name: value[part].tolist()
        for field in fields(table)
        if isinstance(value := getattr(table, field.name), np.ndarray)
    }


def an_attempt(
    number: int, from_step: int, to_step: int, cause: AttemptCause = "claim", **changes: object
) -> Attempt:
    return Attempt(
        number=number,
        from_step=from_step,
        to_step=to_step,
        evaluations=0,
        cause=cause,
        **changes,  # type: ignore[arg-type]
    )


def test_a_run_that_never_went_back_executes_its_own_schedule():
    own = a_table(10)
    assert executed_table(own, ()) is own


def test_rollbacks_are_read_off_the_attempts_that_they_began():
    attempts = (
        an_attempt(1, 0, 18),
        an_attempt(2, 10, 25, "rollback", rate_factor=0.5),
        an_attempt(3, 20, 33, rate_factor=0.5),
        an_attempt(4, 30, 40, "rollback", rate_factor=0.25),
    )
    assert rollbacks_of(attempts) == (
        Rollback(at_step=18, to_step=10, rate_factor=0.5),
        Rollback(at_step=33, to_step=30, rate_factor=0.25),
    )
    assert fallen_at(rollbacks_of(attempts)) is None


def test_a_crash_after_a_fall_back_leaves_it_where_it_was():
    attempts = (
        an_attempt(1, 0, 18),
        an_attempt(2, 10, 12, "fall_back", follows="today"),
        an_attempt(3, 11, 40, follows="today"),
    )
    assert rollbacks_of(attempts) == (Rollback(at_step=18, to_step=10, follows="today"),)
    assert fallen_at(rollbacks_of(attempts)) == 10


def test_each_rollback_halves_the_rates_from_its_stage_on_and_nothing_else():
    own = a_table(10)
    back = (
        Rollback(at_step=18, to_step=10, rate_factor=0.5),
        Rollback(at_step=33, to_step=30, rate_factor=0.25),
    )
    executed = executed_table(own, back)
    factors = np.repeat([1.0, 0.5, 0.25], [10, 20, 10])
    assert executed.learning_rate.tolist() == (own.learning_rate * factors).tolist()
    assert arrays(executed, slice(None)) | {"learning_rate": []} == (
        arrays(own, slice(None)) | {"learning_rate": []}
    )


def test_two_rollbacks_to_one_stage_leave_a_quarter_of_its_rates():
    own = a_table(10)
    back = tuple(Rollback(at_step=18, to_step=10, rate_factor=0.5**times) for times in (1, 2))
    assert executed_table(own, back).learning_rate[10] == own.learning_rate[10] / 4


def test_a_fall_back_to_the_start_is_the_baseline_itself():
    own, baseline = a_table(10), a_table(25)
    back = (Rollback(at_step=5, to_step=0, follows="today"),)
    executed = executed_table(own, back, fall_back=baseline)
    assert arrays(executed, slice(None)) == arrays(baseline, slice(None))


def test_a_fall_back_inside_a_step_of_the_baseline_takes_what_is_left_of_it():
    """After 3 steps of 10 of 100 samples, batch 25 has seen 25 and is within its second step."""
    own, baseline = a_table(10), a_table(25)
    executed = taken_up(own, baseline, at_step=3)
    assert executed.items[:6].tolist() == [10, 10, 10, 50 - 30, 25, 25]
    assert executed.samples[:6].tolist() == [0, 10, 20, 30, 50, 75]
    assert executed.steps == 3 + 3 + 3 * 4
    assert executed.learning_rate[3] == baseline.learning_rate[1]


tables = st.builds(
    a_table,
    st.integers(1, 120),
    rate=st.floats(0.01, 1),
    growth=st.none() | st.floats(1.2, 4),
)


@settings(max_examples=150, deadline=None)
@given(tables, tables, st.data())
def test_wherever_a_run_falls_back_every_sample_is_seen_once_an_epoch(
    own: StepTable, baseline: StepTable, data: st.DataObject
) -> None:
    at_step = data.draw(st.integers(0, own.steps))
    executed = taken_up(own, baseline, at_step=at_step)
    assert executed.samples.tolist() == (np.cumsum(executed.items) - executed.items).tolist()
    assert int(executed.items.sum()) == SAMPLES * EPOCHS
    assert (executed.items > 0).all()
    assert (executed.epoch == executed.samples // SAMPLES).all()
    assert (executed.items <= executed.batch_size).all()


@settings(max_examples=150, deadline=None)
@given(tables, tables, st.data())
def test_a_fall_back_changes_nothing_before_it_and_is_the_baseline_after_its_first_step(
    own: StepTable, baseline: StepTable, data: st.DataObject
) -> None:
    at_step = data.draw(st.integers(0, own.steps))
    executed = taken_up(own, baseline, at_step=at_step)
    assert arrays(executed, slice(at_step)) == arrays(own, slice(at_step))
    after = executed.steps - at_step - 1
    if after > 0:
        assert arrays(executed, slice(-after, None)) == arrays(baseline, slice(-after, None))


@settings(max_examples=50, deadline=None)
@given(tables, tables, st.data())
def test_evaluations_before_a_fall_back_stay_where_they_were(
    own: StepTable, baseline: StepTable, data: st.DataObject
) -> None:
    at_step = data.draw(st.integers(0, own.steps - 1))
    before = evaluation_steps("0.5ep", own)
    after = evaluation_steps("0.5ep", taken_up(own, baseline, at_step=at_step))
    assert before[before <= at_step].tolist() == after[after <= at_step].tolist()
