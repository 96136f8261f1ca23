from dataclasses import replace

import pytest

from planner.reviews.arm import arms, paired, spent_s
from planner.reviews.comparison import compare
from planner.reviews.selection import Selection, selection_without_sweep
from tests.support.known_arms import EPOCH_LARGE_S, PILOT, arms_of
from tests.support.known_pilot import (
    GROWING,
    LARGE,
    SEEDS,
    TODAY,
    a_record,
    halving,
    known_pilot,
    races_of,
    records_of,
)


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


def test_a_diverged_run_counts_with_its_whole_budget_not_with_its_stop():
    diverged = a_record(PILOT, "large", halving(3.0), status="diverged", epochs_done=6)
    (race,) = races_of(PILOT, diverged)
    assert spent_s(race) == pytest.approx(20 * EPOCH_LARGE_S)
