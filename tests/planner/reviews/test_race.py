from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.devices.throughput import BundleSpeed
from planner.measurements.measurement import Measurement
from planner.pilots.course import courses
from planner.pilots.run import PROBE, Attempt
from planner.reviews.race import at_crossing, judge_race
from tests.support.known_pilot import (
    EPOCHS,
    EVALUATION_S,
    GROWING,
    PLAN,
    SAMPLES,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    TODAY,
    WORKLOAD,
    a_record,
    courses_of,
    halving,
    known_pilot,
    races_of,
)
from tests.support.planted_worker import planted_curve

PILOT = known_pilot(schedules=[TODAY, GROWING])


def a_race(record):
    (race,) = races_of(PILOT, record)
    return race


def test_a_course_composes_its_time_from_the_step_times_of_its_batches():
    course = courses_of(PILOT)["growing"]
    small, large = 4 * STEPS_AT_22, (EPOCHS - 4) * STEPS_AT_154
    assert course.table.steps == small + large
    assert course.elapsed_s[small] == pytest.approx(small * T_22)
    assert course.training_s == pytest.approx(small * T_22 + large * T_154)
    assert course.samples[[0, small, -1]].tolist() == [0, 4 * SAMPLES, EPOCHS * SAMPLES]


def test_a_run_crosses_between_two_evaluations():
    crossing = a_race(a_record(PILOT, "today", halving(9.5))).crossing
    assert crossing is not None
    assert crossing.step == pytest.approx(9.5 * STEPS_AT_22)
    assert crossing.time_s == pytest.approx(9.5 * STEPS_AT_22 * T_22)
    assert crossing.epochs == pytest.approx(9.5)
    assert crossing.samples == pytest.approx(9.5 * SAMPLES)
    assert (crossing.low_step, crossing.high_step) == (9 * STEPS_AT_22, 10 * STEPS_AT_22)


@pytest.mark.parametrize("status", ["diverged", "cancelled", "capped"])
def test_a_run_that_was_stopped_after_its_crossing_is_censored_all_the_same(status):
    stopped = a_record(PILOT, "today", halving(5.0), status=status, epochs_done=12)
    whole = replace(stopped, status="succeeded")
    assert a_race(whole).crossing is not None
    race = a_race(stopped)
    assert race.crossing is None
    assert race.training_s == pytest.approx(EPOCHS * STEPS_AT_22 * T_22)


def test_a_run_that_is_still_training_has_not_crossed_yet():
    assert a_race(a_record(PILOT, "today", halving(5.0), status="running")).crossing is None


def test_a_run_without_any_evaluation_has_not_crossed():
    assert a_race(a_record(PILOT, "today", halving(0.0), epochs_done=-1)).crossing is None


def test_every_evaluation_is_billed_on_top_of_the_training():
    race = a_race(a_record(PILOT, "today", halving(9.5)))
    assert race.evaluations == EPOCHS + 1
    assert race.billed_s == pytest.approx(980 * T_22 + 21 * EVALUATION_S)
    assert race.training_s == pytest.approx(980 * T_22)


def test_work_that_a_later_attempt_repeated_stays_on_the_bill():
    record = a_record(PILOT, "growing", halving(9.5))
    interrupted = replace(
        record,
        attempts=(
            Attempt(number=1, from_step=0, to_step=210, evaluations=7),
            Attempt(number=2, from_step=196, to_step=308, evaluations=17),
        ),
    )
    first = 196 * T_22 + (210 - 196) * T_154
    second = (308 - 196) * T_154
    race = a_race(interrupted)
    assert race.billed_s == pytest.approx(first + second + (7 + 17) * EVALUATION_S)
    assert race.crossing == a_race(record).crossing


def test_a_run_of_a_bundle_is_billed_its_share_of_the_device_and_timed_as_if_alone():
    four = BundleSpeed(
        execution="batched", members=4, batch_size=22, step_time_s=2.0, single_step_time_s=1.0
    )
    curve = planted_curve(bundles=(four,))
    record = a_record(PILOT, "today", halving(9.5))
    together = replace(record, attempts=(replace(record.attempts[0], bundle_size=4),))
    laid_out = courses(PILOT, WORKLOAD, curve, PLAN)
    race = judge_race(together, PILOT, "today", laid_out, evaluation_s=EVALUATION_S)
    assert four.speed_up == 4 * 1.0 / 2.0
    assert race.billed_s == pytest.approx(980 * T_22 / 2.0 + 21 * EVALUATION_S)
    assert race.crossing == a_race(record).crossing


def test_a_run_that_never_started_is_billed_nothing():
    assert a_race(replace(a_record(PILOT, "today", halving(1.0)), attempts=())).billed_s == 0


def test_a_probe_has_no_race():
    probe = replace(a_record(PILOT, "today", halving(1.0)), run=PROBE)
    assert races_of(PILOT, probe) == ()


def test_final_values_are_those_of_the_planned_end():
    race = a_race(a_record(PILOT, "today", halving(9.5, accuracy=0.93)))
    assert race.final_target_value == pytest.approx(0.5 * 2 ** (9.5 - EPOCHS))
    assert race.final_quality == 0.93


def test_a_run_that_ended_early_has_no_final_value():
    race = a_race(a_record(PILOT, "today", halving(9.5), status="diverged", epochs_done=12))
    assert (race.final_target_value, race.final_quality) == (None, None)


def test_a_pilot_without_a_quality_metric_judges_none():
    pilot = known_pilot(quality=None)
    (race,) = races_of(pilot, a_record(pilot, "today", halving(9.5)))
    assert race.final_quality is None


def test_an_evaluation_without_the_targets_metric_does_not_hold():
    record = a_record(PILOT, "today", halving(9.5))
    holes = tuple(
        Measurement(step=point.step, metrics={}) if point.step in (490, 588) else point
        for point in record.measurements
    )
    crossing = a_race(replace(record, measurements=holes)).crossing
    assert crossing is not None
    held = 13 * STEPS_AT_22
    assert (crossing.low_step, crossing.high_step, crossing.step) == (588, held, held)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 15), st.sampled_from(["1ep", "2ep", "0.7ep", "100ba", "3000sp"]))
def test_the_measured_time_is_that_of_the_crossing_on_its_own_curve(at_epoch, every):
    pilot = known_pilot(schedules=[TODAY, GROWING], evaluation={"every": every})
    course = courses_of(pilot)["growing"]
    (race,) = races_of(pilot, a_record(pilot, "growing", halving(at_epoch)))
    assert race.crossing is not None
    assert at_crossing(course.elapsed_s, race.crossing) == pytest.approx(race.crossing.time_s)


def test_a_crossing_at_the_very_start_lies_at_its_boundary():
    (race,) = races_of(PILOT, a_record(PILOT, "today", halving(0.0)))
    assert race.crossing is not None
    assert at_crossing(np.array([3.0, 4.0, 5.0]), race.crossing) == 3.0
