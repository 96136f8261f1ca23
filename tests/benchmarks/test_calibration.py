"""The simulation with known truth: that its worlds are what they say, and a short cut of it."""

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.calibrated.adoption import ALLOWED, adoptions
from benchmarks.calibrated.coverage import coverages
from benchmarks.calibrated.decisions import FREE, NOTHING, TUNED
from benchmarks.calibrated.document import text
from benchmarks.calibrated.share import Share
from benchmarks.calibrated.sweeps import CURVES, ONE_BEST, TWO_EQUAL, Kind, sweeps
from benchmarks.calibrated.worlds import CENSORED, ROUGH, USUAL, WORLDS
from benchmarks.calibration import calibrate
from planner.economics.break_even import plan_npv


@pytest.mark.parametrize("world", [*WORLDS, CENSORED], ids=lambda world: world.name)
def test_a_world_has_the_true_ratio_that_it_says(world):
    moved = world.with_ratio(0.9)
    candidate, baseline = moved.times(np.random.default_rng(1), (400_000, 1))
    if math.isinf(world.budget):
        measured = candidate.mean() / baseline.mean()
    else:
        costs = [np.minimum(times, world.budget).sum() for times in (candidate, baseline)]
        hits = [(times <= world.budget).sum() for times in (candidate, baseline)]
        measured = (costs[0] / hits[0]) / (costs[1] / hits[1])
    assert measured == pytest.approx(0.9, rel=0.005)


def test_the_censored_world_stops_a_fifth_of_the_baselines_runs():
    assert pytest.approx(0.8, abs=0.001) == CENSORED.hit_rate


@pytest.mark.parametrize("plan", [TUNED, FREE])
def test_a_plan_is_worth_nothing_at_its_break_even(plan):
    worth = plan_npv(
        plan.today,
        time_ratio=plan.break_even_ratio,
        pilot_device_cost=NOTHING,
        assumptions=plan.assumptions,
    )
    assert worth.amount == pytest.approx(0, abs=1e-6)


def test_a_share_is_judged_with_its_own_error():
    share = Share(count=23, repeats=100)
    assert share.standard_error == pytest.approx(math.sqrt(0.23 * 0.77 / 100), rel=0.02)
    assert share.at_most(0.2)
    assert not Share(count=2300, repeats=10_000).at_most(0.2)
    assert Share(count=0, repeats=100).standard_error > 0


def test_intervals_of_five_pairs_cover_what_they_promise():
    rows = list(coverages([USUAL, ROUGH], CENSORED, [5], repeats=1000, seed=1))
    assert len(rows) == 5
    assert {row.interval: row.covered.value for row in rows if not row.kept} == {}


def test_at_break_even_no_number_of_looks_adopts_more_often_than_allowed():
    rows = list(adoptions([ROUGH], TUNED, [5], repeats=200, seed=1))
    assert [row.looks for row in rows] == [1, 2, 3]
    assert all(row.kept for row in rows)
    assert all(row.ever.value > 0.1 for row in rows)
    assert all(row.adopted.count <= row.ever.count for row in rows)


def test_the_split_takes_away_what_the_choice_adds():
    kind = Kind(curve=TWO_EQUAL, selection_seeds=2, pairs=5, looks=1)
    (row,) = sweeps(FREE, [kind], repeats=60, seed=1)
    assert row.unbiased
    assert row.error_without_split.value < -3 * row.error_without_split.standard_error


def test_a_rate_chosen_on_two_seeds_adopts_nothing_that_is_not_allowed():
    """As frozen it would: a finalist is truly faster by its rate in every third pilot."""
    kind = Kind(curve=ONE_BEST, selection_seeds=2, pairs=10, looks=1)
    (row,) = sweeps(FREE, [kind], repeats=200, seed=1)
    assert row.adopted.at_most(ALLOWED)
    assert row.at_frozen.value > ALLOWED + 0.05
    assert row.unlucky.value > 0.3


def test_a_candidate_that_is_truly_faster_is_still_adopted():
    kind = Kind(curve=TWO_EQUAL, selection_seeds=3, pairs=10, looks=1, ratio=0.8)
    (row,) = sweeps(FREE, [kind], repeats=40, seed=1)
    assert row.adopted.value > 0.9
    assert row.unbiased


def test_the_document_lists_every_row_and_names_those_that_break_a_promise():
    found = calibrate(share=0.001, seed=1, command="a test", worlds=1, pairs=(5,))
    written = text(found)
    rows = len(found.coverages) + len(found.adoptions) + len(found.sweeps) + len(found.powers)
    assert rows == (2 + 1) + 2 * 3 + 2 * 2 * 2 + 2 * 2
    heads_and_rules = 4 * 2
    assert written.count("\n| ") == rows + heads_and_rules + 2 + len(found.pooled)
    assert len(found.pooled) == 3 + 2 * 2
    assert all(broken in written for broken in found.broken)


def test_the_published_document_keeps_every_promise():
    published = Path(__file__).parents[2] / "docs" / "calibration.md"
    written = published.read_text(encoding="utf-8")
    assert "Rows that do not keep what was promised: none." in written
    assert all(world.name in written for world in (*WORLDS, CENSORED))
    assert all(curve in written for curve in CURVES)
