"""What is drawn of a file under its mapping hides nothing, however long and many its runs are."""

from dataclasses import replace

import numpy as np
import pytest

from backend.services.import_curves import (
    FEWEST_POINTS,
    MOST_IN_ALL,
    MOST_POINTS,
    MOST_RUNS,
    Curves,
)
from planner.exchange.imports import ReadCurve
from planner.imports.logged_run import LoggedRun
from tests.support.logged_runs import a_logged_run

NAN = float("nan")


def curves_of(*runs: LoggedRun) -> tuple[ReadCurve, ...]:
    curves = Curves()
    for run in runs:
        curves.add(run)
    return curves.told()


def losses_of(*runs: LoggedRun) -> ReadCurve:
    return next(curve for curve in curves_of(*runs) if curve.metric == "validation_loss")


def a_long_run(*, rows: int, seed: int = 1) -> LoggedRun:
    return a_logged_run("today", seed, losses=np.linspace(2, 1, rows).tolist(), every_s=1.0)


def test_a_short_run_is_told_point_by_point():
    run = a_logged_run("today", 1, losses=[2.0, 1.0, 0.5], every_s=60.0)
    curve = losses_of(run)
    assert (curve.run, curve.schedule) == ("today 1", "today")
    assert (curve.steps, curve.elapsed_s) == ((0, 10, 20), (0.0, 60.0, 120.0))
    assert curve.values == (2.0, 1.0, 0.5)


@pytest.mark.parametrize("at", [1, 4_999, 9_998])
def test_a_single_spike_among_ten_thousand_points_is_shown(at: int):
    run = a_long_run(rows=10_000)
    run.metrics["validation_loss"][at] = 77.0
    curve = losses_of(run)
    assert len(curve.values) <= MOST_POINTS
    assert curve.values[curve.steps.index(at * 10)] == 77.0
    assert (curve.steps[0], curve.steps[-1]) == (0, 99_990)


def test_where_a_run_diverged_is_a_point_without_a_value():
    curve = losses_of(a_logged_run("today", 1, losses=[2.0, 1.0, NAN], every_s=60.0))
    assert (curve.steps, curve.values) == ((0, 10, 20), (2.0, 1.0, None))


def test_rows_that_say_another_metric_only_are_no_gap():
    run = a_logged_run("today", 1, losses=[2.0, 1.0, 0.5], every_s=60.0)
    run.metrics["validation_accuracy"][1] = NAN
    accuracy = curves_of(run)[1]
    assert (accuracy.metric, accuracy.steps) == ("validation_accuracy", (0, 20))


def test_a_row_without_a_time_takes_its_place_between_those_with_one():
    run = a_logged_run("today", 1, losses=[2.0, 1.0, 0.5], every_s=60.0)
    run.elapsed_s[1] = NAN
    assert losses_of(run).elapsed_s == (0.0, 60.0, 120.0)
    never = replace(run, elapsed_s=np.full(3, NAN))
    assert losses_of(never).elapsed_s == (None, None, None)


def test_many_runs_are_drawn_thinner_and_no_more_of_them_than_a_picture_holds():
    curves = curves_of(*(a_long_run(rows=1_000, seed=seed) for seed in range(MOST_RUNS + 5)))
    assert len({curve.run for curve in curves}) == MOST_RUNS
    longest = max(len(curve.steps) for curve in curves)
    assert FEWEST_POINTS < longest <= MOST_IN_ALL // len(curves)
