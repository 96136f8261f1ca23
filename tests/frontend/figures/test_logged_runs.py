"""The points of a file: a line a run, a colour a schedule, a cross where a run diverged."""

import pytest

from frontend.figures.logged_runs import COLOURS, MOST_NAMES, logged_chart, logged_figure
from frontend.figures.plotly_traces import Look
from planner.exchange.imports import ReadCurve
from wording.charts.palette import DARK, LIGHT, Palette

LOOK = Look(palette=LIGHT, language="en", main="")


def a_curve(
    run: str,
    schedule: str,
    values: tuple[float | None, ...] = (2.0, 1.0, 0.5),
    *,
    metric: str = "validation_loss",
    elapsed_s: tuple[float | None, ...] | None = None,
) -> ReadCurve:
    return ReadCurve(
        run=run,
        schedule=schedule,
        metric=metric,
        steps=tuple(10 * row for row in range(len(values))),
        elapsed_s=elapsed_s or tuple(60.0 * row for row in range(len(values))),
        values=values,
    )


def colours(figure: dict) -> dict[str, str]:  # type: ignore[type-arg]
    return {trace["name"]: trace["line"]["color"] for trace in figure["data"] if "line" in trace}


def test_a_run_is_a_line_along_its_steps_or_its_time():
    curves = [a_curve("a-1", "a"), a_curve("b-1", "b")]
    by_step = logged_chart(curves, {}, along="steps")
    assert [(one.name, one.x, one.y) for one in by_step.series] == [
        ("a-1", (0.0, 10.0, 20.0), (2.0, 1.0, 0.5)),
        ("b-1", (0.0, 10.0, 20.0), (2.0, 1.0, 0.5)),
    ]
    by_time = logged_chart(curves, {}, along="time")
    assert by_time.series[0].x == (0.0, 60.0, 120.0)
    assert (by_time.x.label, by_time.x.unit) == ("logged_time", "s")


def test_points_without_a_time_are_left_out_along_time_only():
    curve = a_curve("a-1", "a", elapsed_s=(0.0, None, 120.0))
    assert logged_chart([curve], {}, along="time").series[0].y == (2.0, 0.5)
    assert logged_chart([curve], {}, along="steps").series[0].y == (2.0, 1.0, 0.5)


def test_a_loss_falls_by_factors_unless_it_is_not_always_positive():
    assert logged_chart([a_curve("a", "a")], {}, along="steps").y.logarithmic
    negative = a_curve("a", "a", (2.0, -1.0))
    assert not logged_chart([negative], {}, along="steps").y.logarithmic
    accuracy = a_curve("a", "a", metric="validation_accuracy")
    assert not logged_chart([accuracy], {}, along="steps").y.logarithmic


def test_a_cross_stands_where_a_run_diverged_at_its_last_height():
    lost = a_curve("a-1", "a", (2.0, 1.0, None))
    chart = logged_chart([lost, a_curve("a-2", "a")], {"a-1": 20}, along="steps")
    (cross,) = [one for one in chart.series if one.role == "point"]
    assert (cross.name, cross.x, cross.y) == ("a-1", (20.0,), (1.0,))
    assert chart.series[0].y == (2.0, 1.0, None)
    figure = logged_figure(chart, {"a-1": "a", "a-2": "a"}, LOOK)
    crosses = [one for one in figure["data"] if one["marker"].get("symbol") == "x"]
    assert [(one["name"], tuple(one["x"])) for one in crosses] == [("a-1", (20.0,))]
    assert crosses[0]["marker"]["color"] == LIGHT.bad


def test_a_metric_that_stayed_finite_is_crossed_where_another_did_not():
    chart = logged_chart([a_curve("a-1", "a", (2.0, 1.0, 0.5))], {"a-1": 10}, along="steps")
    (cross,) = [one for one in chart.series if one.role == "point"]
    assert (cross.x, cross.y) == ((10.0,), (1.0,))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_runs_of_one_schedule_have_one_colour_and_one_name(palette: Palette):
    curves = [a_curve(f"{name}-{seed}", name) for name in ("a", "b") for seed in (1, 2)]
    chart = logged_chart(curves, {}, along="steps")
    look = Look(palette=palette, language="en", main="")
    figure = logged_figure(chart, {curve.run: curve.schedule for curve in curves}, look)
    found = colours(figure)
    assert found["a-1"] == found["a-2"] == palette.others[0]
    assert found["b-1"] == found["b-2"] == palette.others[1]
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["a", "b"]


def test_more_schedules_than_colours_change_their_dash_and_the_first_are_named():
    count = max(COLOURS, MOST_NAMES) + 2
    curves = [
        a_curve(f"r{place}", f"s{place}", (1.0 + place, 2.0 + place)) for place in range(count)
    ]
    chart = logged_chart(curves, {}, along="steps")
    figure = logged_figure(chart, {curve.run: curve.schedule for curve in curves}, LOOK)
    looks = {(trace["line"]["color"], trace["line"]["dash"]) for trace in figure["data"]}
    assert len(looks) == count
    assert len(figure["layout"]["annotations"]) == MOST_NAMES


def test_a_metric_of_the_users_own_keeps_its_name():
    chart = logged_chart([a_curve("a", "a", metric="validation_bleu")], {}, along="steps")
    figure = logged_figure(chart, {"a": "a"}, LOOK)
    assert "alidation_bleu" in figure["data"][0]["hovertemplate"]


def test_a_name_from_a_file_is_no_markup():
    chart = logged_chart([a_curve("<b>r", "<i>s")], {}, along="steps")
    figure = logged_figure(chart, {"<b>r": "<i>s"}, LOOK)
    assert "<b>r" not in figure["data"][0]["name"]
    assert "<i>" not in figure["layout"]["annotations"][0]["text"]
