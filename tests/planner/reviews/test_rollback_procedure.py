"""The rollback procedure, filled from a pilot whose truth is simple.

"growing" takes 4 epochs of 49 steps at batch 22 and 16 of 7 at 154: 308 steps, its second stage at
step 196 after 4 of 20 epochs. "today" takes 20 x 49 = 980 at batch 22.
"""

from dataclasses import replace
from math import log

import pytest

from planner.pilots.pilot import Pilot
from planner.pilots.run import Attempt
from planner.refusal import Refusal
from planner.reviews.review import make_review
from planner.reviews.review_input import PilotEvidence
from planner.reviews.rollback_procedure import (
    ReadySchedule,
    RollbackProcedure,
    rollback_procedure,
)
from planner.reviews.selection import Selection
from tests.support.installation import schedule_data
from tests.support.known_pilot import (
    CURVE,
    GROWING,
    PLAN,
    STEPS_AT_22,
    T_22,
    T_154,
    TODAY,
    WORKLOAD,
    known_pilot,
    records_of,
    review_input,
)

STAGE = 4 * STEPS_AT_22
PILOT = known_pilot(schedules=[TODAY, GROWING])
RECORDS = (
    *records_of(PILOT, "today", [12.0, 12.5, 13.0, 12.2, 12.8]),
    *records_of(PILOT, "growing", [10.0, 10.5, 11.0, 10.2, 10.8]),
)
FIRST = Attempt(number=1, from_step=0, to_step=STAGE + 30, evaluations=9)
AGAIN = Attempt(
    number=2, from_step=STAGE, to_step=STAGE + 50, evaluations=1, cause="rollback", rate_factor=0.5
)
FALLEN = Attempt(
    number=2, from_step=STAGE, to_step=980, evaluations=16, cause="fall_back", follows="today"
)


def procedure_of(
    records=RECORDS, *, pilot: Pilot = PILOT, selection: Selection | None = None, workload=WORKLOAD
) -> RollbackProcedure:
    evidence = PilotEvidence(
        pilot=pilot,
        records=tuple(records),
        throughput=CURVE,
        micro_batch_plan=PLAN,
        selection=selection,
    )
    changes = {} if selection is None else {"selection": selection}
    review = make_review(review_input(pilot, records, **changes))
    return rollback_procedure(evidence, review, workload)


def with_last(**changes: object):
    """The last run of "growing", seed 15, is changed."""
    return (*RECORDS[:-1], replace(RECORDS[-1], **changes))


def test_the_procedure_names_what_is_rolled_out_and_what_is_returned_to():
    found = procedure_of()
    assert found.recommended.schedule == "growing"
    assert found.baseline == ReadySchedule(
        schedule="today", rate_multiplier=1.0, learning_rate=0.1, batch_size=22, momentum=0.9
    )
    assert (found.rate_kept_factor, found.most_rollbacks) == (0.5, 2)


def test_another_candidate_than_the_verdicts_has_a_procedure_of_its_own():
    slower = {**GROWING, "name": "slower"}
    pilot = known_pilot(schedules=[TODAY, GROWING, slower])
    records = (*RECORDS, *records_of(pilot, "slower", [18.0, 18.5, 19.0, 18.2, 18.8]))
    evidence = PilotEvidence(pilot=pilot, records=records, throughput=CURVE, micro_batch_plan=PLAN)
    review = make_review(review_input(pilot, records))
    assert review.verdict.schedule == "growing"
    found = rollback_procedure(evidence, review, WORKLOAD, schedule="slower")
    [reviewed] = [one for one in review.schedules if one.schedule == "slower"]
    assert found.recommended.schedule == "slower"
    assert found.decision == reviewed.verdict.kind == "do_not_adopt"
    assert found.runs == 5
    with pytest.raises(Refusal, match="schedule: schedule_not_in_pilot"):
        rollback_procedure(evidence, review, WORKLOAD, schedule="today")


def test_each_schedule_has_the_multiplier_that_was_chosen_for_it():
    found = procedure_of(
        tuple(
            replace(record, run=replace(record.run, rate_multiplier=4.0))
            if record.run.schedule == "growing"
            else record
            for record in RECORDS
        ),
        pilot=known_pilot(
            schedules=[TODAY, GROWING],
            rate_multipliers=[1, 4],
            seeds={"confirmation": list(PILOT.seeds.confirmation), "selection": [1]},
        ),
        selection=Selection(
            selected={"today": 1.0, "growing": 4.0}, finalists=("growing",), at_edge=()
        ),
    )
    assert found.recommended.learning_rate == pytest.approx(0.4)
    assert found.baseline.learning_rate == pytest.approx(0.1)
    assert [stage.learning_rate for stage in found.stages] == pytest.approx([0.4, 0.4])


def test_a_stage_says_where_it_begins_and_what_a_rollback_in_it_repeats_at_most():
    first, second = procedure_of().stages
    assert (first.stage, first.step, first.batch_size) == (1, 0, 22)
    assert (second.stage, second.step, second.batch_size) == (2, STAGE, 154)
    assert second.begins_fraction == pytest.approx(4 / 20)
    slow, fast = STAGE * T_22, 16 * 7 * T_154
    assert second.time_fraction == pytest.approx(fast / (slow + fast))
    assert first.time_fraction + second.time_fraction == pytest.approx(1)


def test_a_stage_where_the_rate_goes_beyond_anything_before_is_marked():
    """The rate doubles every 4 epochs, the batch changes after 4: 0.1, then 0.2 up to 0.8."""
    rising = schedule_data(
        "growing",
        learning_rate={"initial": 0.1, "growth": {"maximum": 1.6, "every_epochs": 4}},
        batch_size={"initial": 22, "growth": 7, "every_epochs": 4, "maximum": 154},
    )
    first, second = procedure_of(pilot=known_pilot(schedules=[TODAY, rising])).stages
    assert (first.rate_ratio, first.learning_rate) == (1, pytest.approx(0.1))
    assert second.learning_rate == pytest.approx(1.6)
    assert second.rate_ratio == pytest.approx(16)


def test_the_alarm_is_stated_for_the_classes_of_the_workload():
    found = procedure_of()
    assert (found.classes, found.guessing_loss) == (10, pytest.approx(log(10)))
    at_zero, *_, at_three_quarters = found.levels
    assert at_zero.limit == pytest.approx(0.3 * log(10) + 0.05)
    assert at_zero.warning == pytest.approx(at_zero.limit / 2)
    best = 0.75 * log(10)
    assert at_three_quarters.limit == pytest.approx(best + 0.3 * (log(10) - best) + 0.05)


def test_a_workload_without_classes_has_no_examples_of_the_alarm():
    found = procedure_of(workload=replace(WORKLOAD, classes=None))
    assert (found.guessing_loss, found.levels) == (None, ())


def test_five_healthy_runs_show_only_that_more_than_half_of_all_are():
    found = procedure_of()
    assert (found.runs, found.unhealthy_runs, found.divergences) == (5, 0, ())
    assert found.healthy_low_fraction == pytest.approx(0.05 ** (1 / 5))


def test_a_run_that_went_back_and_then_diverged_is_told_twice():
    found = procedure_of(with_last(status="diverged", attempts=(FIRST, AGAIN)))
    back, end = found.divergences
    assert (back.schedule, back.seed, back.step, back.stage) == ("growing", 15, STAGE + 30, 2)
    assert (back.to_step, back.rate_factor, back.follows) == (STAGE, 0.5, None)
    assert (end.step, end.stage, end.to_step, end.rate_factor) == (STAGE + 50, 2, None, 0.5)
    assert (found.runs, found.unhealthy_runs) == (5, 1)


def test_a_run_that_fell_back_says_on_what():
    found = procedure_of(with_last(attempts=(FIRST, FALLEN), measurements=()))
    (back,) = found.divergences
    assert (back.to_step, back.follows, back.rate_factor) == (STAGE, "today", 1)


def test_a_run_that_has_not_ended_says_nothing_of_how_often():
    waiting = [
        replace(record, status="queued", attempts=(), measurements=())
        if record.run.schedule == "growing"
        else record
        for record in RECORDS
    ]
    found = procedure_of(waiting)
    assert (found.runs, found.healthy_low_fraction) == (0, None)
