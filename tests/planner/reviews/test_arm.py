import math
from dataclasses import replace

import pytest
from scipy import stats

from planner.reviews.arm import Arm, arms, compare, measure, paired, spent_s
from planner.reviews.selection import Selection, selection_without_sweep
from tests.support.known_pilot import (
    GROWING,
    LARGE,
    SEEDS,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    TODAY,
    a_record,
    halving,
    known_pilot,
    races_of,
    records_of,
)

PILOT = known_pilot()
EPOCH_TODAY_S = STEPS_AT_22 * T_22
EPOCH_LARGE_S = STEPS_AT_154 * T_154
BUDGET_S = 20 * EPOCH_TODAY_S


def arms_of(records, pilot=PILOT, selection=None):
    found = arms(pilot, races_of(pilot, *records), selection or selection_without_sweep(pilot))
    return {arm.schedule: arm for arm in found}


def two_arms(today, large):
    records = (*records_of(PILOT, "today", today), *records_of(PILOT, "large", large))
    found = arms_of(records)
    return found["today"], found["large"]


def compared(today, large):
    baseline, candidate = two_arms(today, large)
    return compare(candidate, baseline, PILOT)


def test_baseline_and_finalists_stand_on_confirmation_seeds_and_the_rest_on_selection_seeds():
    pilot = known_pilot(
        schedules=[TODAY, LARGE, GROWING],
        seeds={"confirmation": [11, 12, 13], "selection": [1, 2]},
        rate_multipliers=[1, 2],
    )
    selection = Selection(
        selected={"today": 1.0, "large": 2.0, "growing": 2.0}, finalists=("large",), at_edge=()
    )
    records = [
        *records_of(pilot, "today", [10.0] * 2, purpose="selection"),
        *records_of(pilot, "growing", [8.0] * 2, purpose="selection"),
        *records_of(pilot, "growing", [7.0] * 2, purpose="selection", rate_multiplier=2.0),
        *records_of(pilot, "today", [10.0] * 3),
        *records_of(pilot, "large", [9.0] * 3, rate_multiplier=2.0),
    ]
    found = arms_of(records, pilot, selection)
    on = {
        name: (arm.purpose, arm.rate_multiplier, arm.planned, [race.seed for race in arm.races])
        for name, arm in found.items()
    }
    assert on == {
        "today": ("confirmation", 1.0, 3, [11, 12, 13]),
        "large": ("confirmation", 2.0, 3, [11, 12, 13]),
        "growing": ("selection", 2.0, 2, [1, 2]),
    }


def test_before_the_selection_has_ended_schedules_stand_as_they_were_written():
    pilot = known_pilot(
        seeds={"confirmation": [11, 12, 13], "selection": [1, 2]}, rate_multipliers=[1, 2]
    )
    records = [
        *records_of(pilot, "today", [10.0] * 2, purpose="selection"),
        *records_of(pilot, "today", [5.0] * 2, purpose="selection", rate_multiplier=2.0),
    ]
    today, large = arms(pilot, races_of(pilot, *records), None)
    assert (today.purpose, today.rate_multiplier, len(today.races)) == ("selection", 1.0, 2)
    assert large.races == ()


def test_without_confirmation_seeds_every_arm_stands_on_selection_seeds():
    pilot = known_pilot(seeds={"confirmation": [], "selection": [1, 2, 3]})
    today, large = arms(pilot, (), selection_without_sweep(pilot))
    assert (today.purpose, large.purpose) == ("selection", "selection")


def test_an_arm_is_complete_once_every_planned_run_has_ended():
    whole = records_of(PILOT, "today", [10.0] * 5)
    assert arms_of(whole)["today"].complete
    assert not arms_of(whole[:4])["today"].complete
    training = replace(whole[4], status="running")
    arm = arms_of([*whole[:4], training])["today"]
    assert (len(arm.races), arm.complete) == (4, False)


def test_only_seeds_that_both_schedules_have_ended_are_compared():
    today = records_of(PILOT, "today", [10.0] * 5)
    large = records_of(PILOT, "large", [9.0] * 5)
    waiting = replace(large[1], status="queued")
    found = arms_of([*today[1:], large[0], waiting, *large[2:]])
    pairs = paired(found["large"], found["today"])
    assert [(ours.seed, theirs.seed) for ours, theirs in pairs] == [(13, 13), (14, 14), (15, 15)]
    assert compare(found["large"], found["today"], PILOT).pairs == 3


def test_runs_are_ordered_by_seed_whatever_order_they_come_in():
    records = records_of(PILOT, "today", [9.0, 10.0, 11.0, 12.0, 13.0])
    arm = arms_of(reversed(records))["today"]
    assert [race.seed for race in arm.races] == list(SEEDS)


def test_an_arm_that_always_arrives_is_measured_by_its_means():
    today, _ = two_arms([8.0, 9.0, 10.0, 11.0, 12.0], [9.0] * 5)
    measured = measure(today, budget_s=BUDGET_S)
    assert (measured.reached, measured.runs) == (5, 5)
    assert measured.epochs_to_target == pytest.approx(10)
    assert measured.steps_to_target == pytest.approx(10 * STEPS_AT_22)
    assert measured.samples_to_target == pytest.approx(10 * 1078)
    assert measured.mean_time_to_target_s == pytest.approx(10 * EPOCH_TODAY_S)
    assert measured.median_time_to_target_s == pytest.approx(10 * EPOCH_TODAY_S)
    assert measured.restricted_mean_time_s == pytest.approx(10 * EPOCH_TODAY_S)
    geometric = (8 * 9 * 10 * 11 * 12) ** (1 / 5)
    assert measured.time_to_target_s is not None
    assert measured.time_to_target_s.mid == pytest.approx(geometric * EPOCH_TODAY_S)
    assert measured.final_quality == pytest.approx(0.95)


def test_a_run_that_never_arrives_counts_with_the_budget_and_takes_the_interval_away():
    today, _ = two_arms([8.0, 9.0, 10.0, None, None], [9.0] * 5)
    measured = measure(today, budget_s=BUDGET_S)
    assert (measured.reached, measured.runs) == (3, 5)
    assert measured.time_to_target_s is None
    assert measured.mean_time_to_target_s == pytest.approx(9 * EPOCH_TODAY_S)
    assert measured.median_time_to_target_s == pytest.approx(10 * EPOCH_TODAY_S)
    restricted = (8 + 9 + 10 + 20 + 20) / 5 * EPOCH_TODAY_S
    assert measured.restricted_mean_time_s == pytest.approx(restricted)
    low = stats.beta.ppf(0.05, 3, 3)
    high = stats.beta.ppf(0.95, 4, 2)
    assert (measured.hit_rate_low_fraction, measured.hit_rate_high_fraction) == (
        pytest.approx(low),
        pytest.approx(high),
    )


def test_the_median_is_not_defined_where_most_runs_never_arrive():
    today, _ = two_arms([8.0, 9.0, None, None, None], [9.0] * 5)
    assert measure(today, budget_s=BUDGET_S).median_time_to_target_s is None


def test_an_arm_without_runs_measured_nothing():
    arm = Arm(
        schedule="today",
        role="baseline",
        rate_multiplier=1.0,
        purpose="confirmation",
        planned=5,
        races=(),
    )
    measured = measure(arm, budget_s=BUDGET_S)
    assert (measured.runs, measured.reached) == (0, 0)
    assert measured.restricted_mean_time_s is None
    assert measured.time_to_target_s is None
    assert measured.hit_rate_low_fraction is None


def test_schedules_are_compared_by_the_ratios_of_their_pairs():
    found = compared([10.0, 10.0, 10.0, 10.0, 10.0], [10.0, 12.0, 14.0, 16.0, 18.0])
    logs = [math.log(e / 10 * EPOCH_LARGE_S / EPOCH_TODAY_S) for e in (10, 12, 14, 16, 18)]
    mean = sum(logs) / 5
    sd = math.sqrt(sum((log - mean) ** 2 for log in logs) / 4)
    half = 2.13184679 * sd / math.sqrt(5)
    ratio = found.time_ratio
    assert ratio is not None
    assert (ratio.low, ratio.mid, ratio.high) == pytest.approx(
        (math.exp(mean - half), math.exp(mean), math.exp(mean + half))
    )
    assert (found.pairs, found.censored_pairs, found.cost_per_success_ratio) == (5, 0, None)


def test_one_censored_pair_forbids_a_time_ratio_and_gives_the_cost_of_a_success_instead():
    found = compared([10.0] * 5, [9.0, 9.0, 9.0, 9.0, None])
    assert (found.pairs, found.censored_pairs, found.time_ratio) == (5, 1, None)
    per_success = (4 * 9 + 20) / 4 * EPOCH_LARGE_S
    assert found.cost_per_success_ratio is not None
    assert found.cost_per_success_ratio.mid == pytest.approx(per_success / (10 * EPOCH_TODAY_S))


def test_a_diverged_run_counts_with_its_whole_budget_not_with_its_stop():
    diverged = a_record(PILOT, "large", halving(3.0), status="diverged", epochs_done=6)
    (race,) = races_of(PILOT, diverged)
    assert spent_s(race) == pytest.approx(20 * EPOCH_LARGE_S)


def test_two_pairs_give_no_interval():
    found = arms_of(
        [
            *records_of(PILOT, "today", [10.0] * 5)[:2],
            *records_of(PILOT, "large", [9.0] * 5)[:2],
        ]
    )
    comparison = compare(found["large"], found["today"], PILOT)
    assert (comparison.pairs, comparison.time_ratio) == (2, None)


def test_no_success_on_one_side_gives_no_figure_at_all():
    found = compared([None] * 5, [9.0] * 5)
    assert (found.time_ratio, found.cost_per_success_ratio) == (None, None)


def test_quality_is_the_difference_at_the_planned_end_paired_by_seed():
    today = records_of(PILOT, "today", [10.0] * 5, accuracy=[0.95, 0.96, 0.94, 0.95, 0.95])
    large = records_of(PILOT, "large", [9.0] * 5, accuracy=[0.945, 0.956, 0.934, 0.944, 0.946])
    both = arms_of([*today, *large])
    found = compare(both["large"], both["today"], PILOT).quality
    assert found is not None
    differences = [-0.005, -0.004, -0.006, -0.006, -0.004]
    mean = sum(differences) / 5
    sd = math.sqrt(sum((d - mean) ** 2 for d in differences) / 4)
    assert found.mid == pytest.approx(mean)
    assert found.low == pytest.approx(mean - 2.13184679 * sd / math.sqrt(5))
    assert found.status == "non_inferior"


def test_a_run_without_a_planned_end_is_no_part_of_the_quality():
    today = records_of(PILOT, "today", [10.0] * 5)
    large = records_of(PILOT, "large", [9.0] * 5)
    diverged = a_record(PILOT, "large", halving(9.0), seed=15, status="diverged", epochs_done=6)
    found = arms_of([*today, *large[:4], diverged])
    comparison = compare(found["large"], found["today"], PILOT)
    assert comparison.quality is not None
    assert (comparison.pairs, comparison.quality.n) == (5, 4)


def test_a_pilot_that_names_no_quality_compares_none():
    pilot = known_pilot(quality=None)
    records = [
        *records_of(pilot, "today", [10.0] * 5),
        *records_of(pilot, "large", [9.0] * 5),
    ]
    found = arms_of(records, pilot)
    assert compare(found["large"], found["today"], pilot).quality is None
