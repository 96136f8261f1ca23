import math

import pytest

from planner.reviews.comparison import compare
from tests.support.known_arms import EPOCH_LARGE_S, EPOCH_TODAY_S, PILOT, arms_of, compared
from tests.support.known_pilot import a_record, halving, known_pilot, records_of


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


def test_money_is_paid_for_the_ratio_of_means_so_the_steadier_candidate_gains():
    found = compared([8.0, 9.0, 10.0, 11.0, 12.0], [10.0] * 5)
    logs = [math.log(epochs) for epochs in (8, 9, 10, 11, 12)]
    mean = sum(logs) / 5
    variance = sum((log - mean) ** 2 for log in logs) / 4
    assert found.time_ratio is not None
    assert found.mean_time_ratio is not None
    assert found.mean_time_ratio.mid == pytest.approx(
        found.time_ratio.mid * math.exp((0 - variance) / 2)
    )


def test_the_comparison_says_how_many_pairs_a_tenth_would_need():
    found = compared([10.0] * 5, [8.5, 9.5, 10.0, 10.5, 12.0])
    n = found.pairs_needed
    sd = found.time_ratio.sd_log
    assert n is not None
    assert 2.13184679 * sd / math.sqrt(5) > math.log(1.1)
    assert n > 5


def test_a_bootstrap_is_the_second_opinion_from_twenty_pairs_on():
    pilot = known_pilot(seeds={"confirmation": list(range(20))})
    epochs = [9 + 0.1 * seed for seed in range(20)]
    found = compared([10.0] * 20, epochs, pilot=pilot)
    second, first = found.bootstrap_time_ratio, found.time_ratio
    assert (second.mid, second.n) == (first.mid, 20)
    assert (second.low, second.high) == pytest.approx((first.low, first.high), rel=0.01)
    assert compared([10.0] * 5, [9.0, 9.1, 9.2, 9.3, 9.4]).bootstrap_time_ratio is None


def test_with_a_censored_pair_nothing_is_said_of_ratios():
    found = compared([10.0] * 5, [9.0, 9.0, 9.0, 9.0, None])
    assert (found.bootstrap_time_ratio, found.mean_time_ratio, found.pairs_needed) == (None,) * 3
