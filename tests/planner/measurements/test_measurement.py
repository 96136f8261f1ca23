from dataclasses import replace

import pytest

from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.run import Attempt, Run
from planner.refusal import Refusal

RECORD = RunRecord(
    run_id="r1",
    run=Run(schedule="today", rate_multiplier=1.0, seed=1, purpose="confirmation"),
    status="succeeded",
    attempts=(
        Attempt(number=1, from_step=0, to_step=10, evaluations=1),
        Attempt(number=2, from_step=10, to_step=20, evaluations=1),
    ),
    measurements=(
        Measurement(step=0, metrics={"train_loss": 2.3}),
        Measurement(step=20, metrics={"train_loss": 0.3}),
    ),
    final_metrics={"test_loss": 0.4},
)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_left_out_not_recorded(bad: float):
    with pytest.raises(Refusal) as refusal:
        Measurement(step=3, metrics={"train_loss": 1.0, "validation_loss": bad})
    assert (refusal.value.field, refusal.value.code) == ("metrics.validation_loss", "not_finite")
    with pytest.raises(Refusal) as refusal:
        replace(RECORD, final_metrics={"test_loss": bad})
    assert refusal.value.field == "final_metrics.test_loss"


def test_a_measurement_before_the_start_is_refused():
    with pytest.raises(Refusal) as refusal:
        Measurement(step=-1, metrics={})
    assert (refusal.value.field, refusal.value.code) == ("step", "below_minimum")


def test_two_live_measurements_at_one_step_are_refused():
    with pytest.raises(Refusal) as refusal:
        replace(RECORD, measurements=(*RECORD.measurements, RECORD.measurements[1]))
    assert (refusal.value.field, refusal.value.code) == ("measurements[2].step", "not_rising")


@pytest.mark.parametrize(("logged_s", "place"), [((5.0, 3.0), 1), ((5.0, None, 3.0), 2)])
def test_times_that_run_backwards_are_refused_also_over_rows_that_say_none(
    logged_s: tuple[float | None, ...], place: int
):
    rows = tuple(
        Measurement(step=step, metrics={}, elapsed_s=seconds)
        for step, seconds in enumerate(logged_s)
    )
    with pytest.raises(Refusal) as refusal:
        replace(RECORD, measurements=rows)
    told = (refusal.value.field, refusal.value.code)
    assert told == (f"measurements[{place}].elapsed_s", "not_rising")


def test_attempts_out_of_order_are_refused():
    with pytest.raises(Refusal) as refusal:
        replace(RECORD, attempts=RECORD.attempts[::-1])
    assert (refusal.value.field, refusal.value.code) == ("attempts[1].number", "not_rising")
