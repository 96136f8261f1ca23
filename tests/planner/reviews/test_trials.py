import math
from dataclasses import replace

import pytest

from planner.reviews.judged import judge
from planner.reviews.review import make_review
from planner.reviews.selection import Selection
from planner.reviews.trials import baseline_rivals, select_from
from tests.support.known_pilot import (
    CURVE,
    LARGE,
    PLAN,
    TODAY,
    courses_of,
    known_pilot,
    races_of,
    records_of,
    review_input,
)

SATURATED = {
    "training_h": 12,
    "device_count": 8,
    "batch_size": 8 * 22,
    "half_saturation_batch_size_per_device": 0,
}
"""Devices whose every sample costs the same: nothing is gained from a larger batch."""

SLOWER_LEARNER = {**LARGE, "name": "large, slower learner"}
SMALL = {**TODAY, "name": "small", "role": "candidate"}


def a_sweep(**changes):
    seeds = {"confirmation": [11, 12, 13], "selection": [1, 2]}
    return known_pilot(**({"seeds": seeds, "rate_multipliers": [1, 2]} | changes))


def selected(pilot, at_epochs):
    """The selection when schedule x multiplier reaches the target after so many epochs."""
    records = [
        record
        for (schedule, multiplier), epochs in at_epochs.items()
        for record in records_of(
            pilot, schedule, epochs, purpose="selection", rate_multiplier=multiplier
        )
    ]
    return select_from(
        races_of(pilot, *records),
        pilot=pilot,
        laid_out=courses_of(pilot),
        throughput=CURVE,
        plan=PLAN,
    )


FOUR = {
    ("today", 1.0): [12.0, 12.0],
    ("today", 2.0): [10.0, 11.0],
    ("large", 1.0): [9.0, 9.5],
    ("large", 2.0): [9.0, 11.0],
}


def test_every_schedule_keeps_the_multiplier_with_which_it_was_fastest():
    found = selected(a_sweep(), FOUR)
    # today: (10 + 11) / 2 epochs against 12; large: (9 + 11) / 2 against (9 + 9.5) / 2
    assert found.selected == {"today": 2.0, "large": 1.0}
    assert found.finalists == ("large",)


def test_a_run_that_never_arrived_counts_with_the_longest_plan_of_all_schedules():
    found = selected(a_sweep(), FOUR | {("large", 1.0): [9.0, None]})
    # 20 epochs of 49 steps of 1.22 ms are 1.2 s; 11 epochs of 7 steps of 2.54 ms are 0.2 s
    assert found.selected["large"] == 2.0


def test_arriving_once_soon_is_worth_less_than_arriving_twice_late():
    # in ms: large alone would say (1 + 20) / 2 * 17.8 = 187 < 19 * 17.8 = 338; with the longest
    # plan of all, today's 1,196, it is (17.8 + 1,196) / 2 = 607 > 338
    found = selected(a_sweep(), FOUR | {("large", 1.0): [1.0, None], ("large", 2.0): [19.0] * 2})
    assert found.selected["large"] == 2.0


def order_of(pilot):
    at_epochs = {
        ("today", 1.0): [10.0, 10.0],
        ("large, slower learner", 1.0): [15.0, 15.0],
        ("small", 1.0): [9.0, 9.0],
    }
    return selected(pilot, at_epochs).finalists


def test_candidates_are_ordered_by_their_time_on_the_measured_device():
    pilot = a_sweep(schedules=[TODAY, SLOWER_LEARNER, SMALL])
    # 15 epochs of 7 steps of 2.54 ms are 0.27 s; 9 epochs of 49 steps of 1.22 ms are 0.54 s
    assert order_of(pilot) == ("large, slower learner", "small")


def test_a_pilot_that_stands_for_a_production_is_ordered_at_the_pace_of_that():
    pilot = a_sweep(schedules=[TODAY, SLOWER_LEARNER, SMALL], production=SATURATED)
    # 9 epochs against 15: only samples count
    assert order_of(pilot) == ("small", "large, slower learner")


def test_a_production_of_unstated_speed_leaves_the_measured_pace():
    unstated = SATURATED | {"half_saturation_batch_size_per_device": None}
    pilot = a_sweep(schedules=[TODAY, SLOWER_LEARNER, SMALL], production=unstated)
    assert order_of(pilot) == ("large, slower learner", "small")


@pytest.mark.parametrize(("multiplier", "at_edge"), [(0.5, True), (1.0, False), (2.0, True)])
def test_a_best_rate_at_the_edge_of_the_grid_is_told(multiplier, at_edge):
    pilot = known_pilot(
        seeds={"confirmation": [11, 12, 13], "selection": [1, 2]}, rate_multipliers=[0.5, 1, 2]
    )
    at_epochs = {
        (schedule, factor): [8.0, 8.0] if factor == multiplier else [12.0, 12.0]
        for schedule in ("today", "large")
        for factor in (0.5, 1.0, 2.0)
    }
    assert bool(selected(pilot, at_epochs).at_edge) is at_edge


def test_the_baselines_other_rates_are_compared_on_the_review_s_hardware():
    """At rate 2 at 10 and 11 epochs, at rate 1 at 12 and 12; evaluations hardly matter."""
    review = a_confirmed_review(FOUR)
    judged = judge(review)
    (rival,) = baseline_rivals(judged.ended, judged.paces, judged.baseline)
    assert rival.gap_log == pytest.approx((math.log(12 / 10) + math.log(12 / 11)) / 2, abs=3e-3)
    assert rival.degrees == 2 * (2 - 1) * (2 - 1)


def test_the_odds_are_those_against_the_hardest_rate_of_today():
    close = FOUR | {("today", 1.0): [14.0, 7.5]}
    found = make_review(a_confirmed_review(close))
    odds = next(one.case.propagation for one in found.schedules if one.case)
    assert odds.odds.npv_positive < odds.odds_at_frozen_rates.npv_positive
    assert (found.verdict.reason, found.next_step.kind) == (
        "baseline_rate_unresolved",
        "not_by_seeds",
    )


def test_before_a_confirmation_no_rate_is_claimed_to_be_beaten():
    judged = judge(replace(a_confirmed_review(FOUR), selection=None))
    assert baseline_rivals(judged.ended, judged.paces, judged.baseline) == ()


def test_a_run_that_was_over_at_its_start_makes_no_rival():
    judged = judge(a_confirmed_review(FOUR | {("large", 1.0): [0.0, 9.5]}))
    assert baseline_rivals(judged.ended, judged.paces, judged.baseline) == ()


def a_confirmed_review(at_epochs):
    pilot = a_sweep(
        seeds={"confirmation": [11, 12, 13, 14, 15], "selection": [1, 2]},
        assumptions={"retuning_trainings": 0, "validation_trainings": 0},
    )
    records = [
        record
        for (schedule, multiplier), epochs in at_epochs.items()
        for record in records_of(
            pilot, schedule, epochs, purpose="selection", rate_multiplier=multiplier
        )
    ]
    records += records_of(pilot, "today", [7.0, 7.5, 7.3, 7.1, 7.2], rate_multiplier=2.0)
    records += records_of(pilot, "large", [16.5, 17.6, 17.5, 17.0, 16.5], rate_multiplier=1.0)
    frozen = Selection(selected={"today": 2.0, "large": 1.0}, finalists=("large",), at_edge=())
    return review_input(pilot, records, selection=frozen)
