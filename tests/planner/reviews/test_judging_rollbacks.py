"""Runs that went back, judged: what they executed is billed, what they reached is told.

"growing" takes 4 epochs of 49 steps at batch 22 and 16 of 7 at 154: 308 steps, its second stage at
step 196. "today" takes 20 x 49 = 980 at batch 22.
"""

from dataclasses import replace

import pytest

from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.run import Attempt
from planner.refusal import Refusal
from planner.reviews.review import make_review
from planner.reviews.review_input import PilotEvidence, check_steps
from planner.reviews.trials import select_from
from tests.support.known_pilot import (
    CURVE,
    EPOCHS,
    EVALUATION_S,
    GROWING,
    PLAN,
    SEEDS,
    STEPS_AT_22,
    T_22,
    T_154,
    TODAY,
    WORKLOAD,
    a_record,
    courses_of,
    halving,
    known_pilot,
    races_of,
    records_of,
    review_input,
)
from wording.review import verdict_sentences

STAGE = 4 * STEPS_AT_22
PILOT = known_pilot(schedules=[TODAY, GROWING])

FIRST = Attempt(number=1, from_step=0, to_step=STAGE + 30, evaluations=9)
ROLLED_BACK = (
    FIRST,
    Attempt(
        number=2, from_step=STAGE, to_step=308, evaluations=16, cause="rollback", rate_factor=0.5
    ),
)
FELL_BACK = (
    FIRST,
    Attempt(
        number=2, from_step=STAGE, to_step=980, evaluations=16, cause="fall_back", follows="today"
    ),
)


def rolled_back(at_epoch: float = 10.0, *, seed: int = SEEDS[0]) -> RunRecord:
    record = a_record(PILOT, "growing", halving(at_epoch), seed=seed)
    return replace(record, attempts=ROLLED_BACK)


def fell_back(at_epoch: float = 10.0, *, seed: int = SEEDS[0]) -> RunRecord:
    """Evaluated every epoch of 49 steps, which "today" has from its fifth epoch on, too."""
    metrics = halving(at_epoch)
    return replace(
        a_record(PILOT, "growing", metrics, seed=seed),
        attempts=FELL_BACK,
        measurements=tuple(
            Measurement(step=STEPS_AT_22 * epoch, metrics=dict(metrics(epoch)))
            for epoch in range(EPOCHS + 1)
        ),
    )


def test_a_run_that_was_rolled_back_crosses_on_its_live_path_and_pays_for_all_of_it() -> None:
    (race,) = races_of(PILOT, rolled_back())
    assert race.crossing is not None
    assert race.crossing.time_s == pytest.approx(STAGE * T_22 + 6 * 7 * T_154)
    repeated = 30 * T_154
    whole = STAGE * T_22 + 16 * 7 * T_154
    assert race.billed_s == pytest.approx(whole + repeated + 25 * EVALUATION_S)
    assert (race.rollbacks, race.fell_back, race.rescue) == (1, False, None)


def test_a_run_that_fell_back_is_censored_and_billed_for_the_steps_that_it_took() -> None:
    (race,) = races_of(PILOT, fell_back())
    assert race.crossing is None
    assert (race.final_target_value, race.final_quality) == (None, None)
    assert (race.steps, race.fell_back) == (308, True)
    first = STAGE * T_22 + 30 * T_154
    second = 16 * STEPS_AT_22 * T_22
    assert race.billed_s == pytest.approx(first + second + 25 * EVALUATION_S)


def test_a_run_that_fell_back_says_where_the_baseline_saved_it() -> None:
    (race,) = races_of(PILOT, fell_back(at_epoch=10.0))
    assert race.rescue is not None
    assert race.rescue.step == 10 * STEPS_AT_22
    assert race.rescue.time_s == pytest.approx(10 * STEPS_AT_22 * T_22)
    (lost,) = races_of(PILOT, replace(fell_back(), status="diverged"))
    assert lost.rescue is None


def test_in_a_sweep_a_run_that_went_back_did_not_reach_the_target_at_the_rate_that_is_tried() -> (
    None
):
    """At multiplier 2 it arrives earlier, but not at that rate: 1 is frozen."""
    pilot = known_pilot(
        schedules=[TODAY, GROWING],
        seeds={"confirmation": list(SEEDS), "selection": [1]},
        rate_multipliers=[1, 2],
    )

    def tried(schedule: str, multiplier: float, epoch: float) -> RunRecord:
        (record,) = records_of(
            pilot, schedule, [epoch], purpose="selection", rate_multiplier=multiplier
        )
        return record

    at_2 = tried("growing", 2.0, 8.0)
    others = [tried("today", 1.0, 12.0), tried("today", 2.0, 13.0), tried("growing", 1.0, 10.0)]

    def chosen(record: RunRecord) -> float:
        selection = select_from(
            races_of(pilot, record, *others),
            pilot=pilot,
            laid_out=courses_of(pilot),
            throughput=CURVE,
            plan=PLAN,
        )
        return selection.selected["growing"]

    assert chosen(at_2) == 2.0
    assert chosen(replace(at_2, attempts=ROLLED_BACK)) == 1.0


def a_review(*odd: RunRecord) -> tuple[str, object]:
    """A review with these runs of "growing"; all others arrive without trouble."""
    seeds = {record.run.seed for record in odd}
    growing = [
        record
        for record in records_of(PILOT, "growing", [10.0, 10.5, 11.0, 10.2, 10.8])
        if record.run.seed not in seeds
    ]
    today = records_of(PILOT, "today", [12.0, 12.5, 13.0, 12.2, 12.8])
    review = make_review(review_input(PILOT, (*today, *growing, *odd)))
    return " ".join(verdict_sentences(review, "en")), review.schedules[1]


def test_a_review_tells_how_many_runs_were_rolled_back_and_still_counts_them() -> None:
    words, growing = a_review(rolled_back(seed=SEEDS[0]), rolled_back(seed=SEEDS[1]))
    assert "left the healthy range in 2 of 5 runs" in words
    assert (growing.measured.rolled_back, growing.measured.reached) == (2, 5)
    assert growing.comparison.censored_pairs == 0


def test_a_review_does_not_take_a_fall_back_for_the_candidate_s_success() -> None:
    words, growing = a_review(fell_back(seed=SEEDS[0]))
    assert "1 of them reached the target that way" in words
    measured = growing.measured
    assert (measured.fell_back, measured.rescued, measured.reached) == (1, 1, 4)
    assert growing.comparison.time_ratio is None
    assert growing.comparison.censored_pairs == 1


def test_the_picture_of_the_runs_shows_a_fall_back_only_up_to_where_it_began() -> None:
    records = (fell_back(), *records_of(PILOT, "today", [12.0] * 5))
    review = make_review(review_input(PILOT, records))
    chart = next(chart for chart in review.charts if chart.key == "convergence_by_step")
    growing = next(series for series in chart.series if series.name == "growing")
    assert growing.x == tuple(float(STEPS_AT_22 * epoch) for epoch in range(5))


def evidence(*attempts: Attempt) -> PilotEvidence:
    record = replace(fell_back(), attempts=attempts)
    return PilotEvidence(pilot=PILOT, records=(record,), throughput=CURVE, micro_batch_plan=PLAN)


def test_brought_measurements_may_have_the_steps_that_a_fall_back_executed() -> None:
    check_steps(evidence(*FELL_BACK), WORKLOAD)
    beyond = replace(FELL_BACK[1], to_step=981)
    with pytest.raises(Refusal) as refusal:
        check_steps(evidence(FIRST, beyond), WORKLOAD)
    assert refusal.value.code == "measured_beyond_plan"
    assert refusal.value.params["planned"] == 980


@pytest.mark.parametrize(
    ("attempts", "code"),
    [
        ((FIRST, replace(FELL_BACK[1], follows="growing")), "fall_back_not_baseline"),
        ((FIRST, replace(FELL_BACK[1], cause="claim")), "fall_back_without_cause"),
        (
            (*FELL_BACK, Attempt(number=3, from_step=200, to_step=308, evaluations=0)),
            "fall_back_left_again",
        ),
    ],
)
def test_brought_attempts_that_fall_back_on_anything_else_are_refused(
    attempts: tuple[Attempt, ...], code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        evidence(*attempts)
    assert refusal.value.code == code
