import pytest

from planner.reviews.convergence import CHARTS
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_review_input

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))
BY_KEY = {chart.key: chart for chart in REVIEW.charts}


def line(effort, name):
    return next(series for series in BY_KEY[CHARTS[effort]].series if series.name == name)


def test_one_chart_is_drawn_for_every_effort():
    assert set(CHARTS.values()) <= BY_KEY.keys()
    assert {len(BY_KEY[key].series) for key in CHARTS.values()} == {2}


@pytest.mark.parametrize("effort", CHARTS)
def test_the_metric_is_the_same_whatever_it_is_drawn_against(effort):
    assert line(effort, "today").y == line("step", "today").y


@pytest.mark.parametrize("effort", CHARTS)
def test_effort_starts_at_nothing_and_grows(effort):
    x = line(effort, "growing batch").x
    assert x[0] == 0
    assert list(x) == sorted(x)


def test_all_planned_epochs_are_shown():
    assert line("epoch", "today").x[-1] == 20


def test_today_at_its_mean_time_to_target_has_cost_what_one_training_costs():
    today = next(found for found in REVIEW.schedules if found.role == "baseline")
    mean_s = today.measured.mean_time_to_target_s
    # today's batch is constant, so money is proportional to seconds
    money_per_s = line("money", "today").x[-1] / line("second", "today").x[-1]
    assert money_per_s * mean_s == pytest.approx(today.training.cost.amount)
    assert today.training.cost.amount == pytest.approx(12 * 8 * 4.0)


def test_the_band_reaches_from_the_best_to_the_worst_seed():
    shown = line("step", "today")
    assert all(
        low <= y <= high for low, y, high in zip(shown.low, shown.y, shown.high, strict=True)
    )
    assert shown.low[5] < shown.high[5]
