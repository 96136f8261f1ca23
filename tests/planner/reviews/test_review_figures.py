from dataclasses import replace

import pytest

from planner.reviews.review import make_review
from tests.support.known_pilot import (
    EPOCHS,
    STEPS_AT_22,
    T_22,
    known_pilot,
    records_of,
    review_input,
)
from tests.support.known_sweep import a_swept_pilot, a_swept_review

PILOT = known_pilot()
RECORDS = (
    *records_of(PILOT, "today", [9.5, 10.0, 10.5, 11.0, 9.0]),
    *records_of(PILOT, "large", [12.0, 12.5, 12.2, 13.0, 11.0]),
)


def chart_of(review, key):
    return next((chart for chart in review.charts if chart.key == key), None)


def test_charts_hold_one_point_for_every_month_evaluation_and_rate():
    review = a_swept_review()
    payback = chart_of(review, "payback").series[0]
    months = review.assumptions.horizon_months + 1
    assert [len(payback.x), len(payback.y), len(payback.low), len(payback.high)] == [months] * 4
    convergence = chart_of(review, "convergence")
    assert [len(series.x) for series in convergence.series] == [EPOCHS + 1] * 3
    assert convergence.series[0].x[-1] == pytest.approx(EPOCHS * STEPS_AT_22 * T_22)
    sweep = chart_of(review, "sweep")
    assert [series.x for series in sweep.series] == [(0.5, 1.0, 2.0)] * 3
    epoch_s = STEPS_AT_22 * T_22
    times = (15 * epoch_s, 12 * epoch_s, 10 * epoch_s)
    assert sweep.series[0].y == pytest.approx(times)
    points = {
        (series.name, series.role): len(series.x)
        for series in chart_of(review, "time_against_cost").series
    }
    assert points == {
        ("baseline", "baseline"): 1,
        ("large", "candidate"): 1,
        ("break_even", "break_even"): 2,
    }


def test_the_payback_chart_draws_the_flows_of_the_case():
    review = make_review(review_input(PILOT, RECORDS))
    series = chart_of(review, "payback").series[0]
    case = review.schedules[1].case
    assert series.y == case.flows.cumulative
    assert all(low <= high for low, high in zip(series.low, series.high, strict=True))


def test_without_a_sweep_there_is_no_chart_of_it():
    assert chart_of(make_review(review_input(PILOT, RECORDS)), "sweep") is None


def test_convergence_is_the_mean_between_the_lowest_and_the_highest_seed():
    records = records_of(PILOT, "today", [9.0, 10.0, 11.0, 10.0, 10.0])
    review = make_review(review_input(PILOT, records))
    (today,) = chart_of(review, "convergence").series
    at_epoch_10 = [0.5 * 2 ** (at - 10) for at in (9, 10, 11, 10, 10)]
    assert today.y[10] == pytest.approx(sum(at_epoch_10) / 5)
    assert (today.low[10], today.high[10]) == (pytest.approx(0.25), pytest.approx(1.0))


def test_a_run_that_ended_early_does_not_cut_the_convergence_of_the_others():
    whole = records_of(PILOT, "today", [9.0, 10.0, 11.0, 10.0, 10.0])
    early = replace(whole[0], status="diverged", measurements=whole[0].measurements[:3])
    never = replace(whole[1], status="cancelled", measurements=(), attempts=())
    records = (early, never, *whole[2:])
    (today,) = chart_of(make_review(review_input(PILOT, records)), "convergence").series
    assert len(today.x) == EPOCHS + 1
    assert today.y[10] == pytest.approx((1.0 + 0.5 + 0.5) / 3)
    assert today.y[2] == pytest.approx(0.5 * (2**7 + 2**9 + 2**8 + 2**8) / 4)


def test_the_sweep_waits_for_the_end_of_a_run():
    pilot = a_swept_pilot()
    ended = records_of(pilot, "today", [10.0] * 3, purpose="selection")
    queued = [
        replace(record, status="queued", measurements=(), attempts=())
        for record in records_of(
            pilot, "large", [10.0] * 3, purpose="selection", rate_multiplier=2.0
        )
    ]
    review = make_review(review_input(pilot, [*ended, *queued]))
    lines = [(series.name, series.x) for series in chart_of(review, "sweep").series]
    assert lines == [("today", (1.0,))]
    assert [found.rate_multiplier for found in review.rankings] == [1.0]
