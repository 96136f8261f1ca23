from dataclasses import replace

import pytest

from frontend.figures.preview import label_places, preview_figure
from planner.plans.plan_facts import Preview, SchedulePlan
from planner.schedules.schedule import Work
from planner.schedules.theory import TheoryFacts, TheoryTerms
from wording.charts.palette import palette

COLOURS = palette(dark=False)
TITLES = ("Learning rate", "Batch size", "Epochs")


def a_plan(name, rates, role="candidate"):
    steps = tuple(range(len(rates)))
    return SchedulePlan(
        schedule=name,
        role=role,
        work=Work(
            steps=len(rates), samples=8 * len(rates), summed_rate=1.0, summed_effective_rate=1.0
        ),
        stages=(),
        capped_at_data=False,
        run_time_s=None,
        theory=TheoryFacts(family="other", terms=TheoryTerms(bias=1.0, variance=1.0), limits=()),
        preview=Preview(
            step=steps,
            epoch=tuple(map(float, steps)),
            samples=tuple(8 * step for step in steps),
            learning_rate=tuple(rates),
            effective_learning_rate=tuple(10 * rate for rate in rates),
            batch_size=tuple(8 for _ in steps),
            time_s=tuple(90.0 * step for step in steps),
        ),
        warnings=(),
    )


TODAY = a_plan("today", [0.1] * 11, role="baseline")
HIGH = a_plan("high", [0.8] * 11)


def drawn(
    along="epoch",
    rate_column="learning_rate",
    chosen="high",
    schedules=(TODAY, HIGH),
    unit_size=1.0,
):
    return preview_figure(
        schedules,
        chosen=chosen,
        along=along,
        rate_column=rate_column,
        titles=TITLES,
        palette=COLOURS,
        unit_size=unit_size,
    )


def test_both_panels_hold_the_curves_as_the_api_sent_them():
    data = drawn(along="samples", rate_column="effective_learning_rate")["data"]
    rate, batch = data[-2:]
    assert rate["x"] == batch["x"] == [8 * step for step in range(12)]  # the end, too
    assert rate["y"] == [8.0] * 12
    assert batch["y"] == [8] * 12


@pytest.mark.parametrize(("along", "end"), [("epoch", 11), ("step", 11), ("samples", 88)])
def test_a_line_is_drawn_to_the_end_of_its_last_step(along, end):
    """11 steps of 8 samples, each a whole epoch: the last one begins at epoch 10."""
    assert drawn(along=along)["data"][-1]["x"][-2:] == [end * 10 / 11, end]


def test_where_a_last_step_of_its_own_batch_ends_in_time_is_not_guessed():
    preview = replace(HIGH.preview, batch_size=(*[8] * 10, 16))
    line = drawn(along="time_s", schedules=(TODAY, replace(HIGH, preview=preview)))["data"][-1]
    assert (len(line["x"]), line["x"][-1]) == (11, 900)


def test_seconds_are_drawn_in_the_unit_of_the_axis():
    figure = drawn(along="time_s", unit_size=60.0)
    assert figure["data"][-1]["x"] == [90 * step / 60 for step in range(12)]
    assert all(0 <= label["x"] <= 15 for label in figure["layout"]["annotations"][2:])


def test_the_chosen_schedule_is_drawn_last_in_the_accent_colour_and_today_is_dotted():
    lines = [trace["line"] for trace in drawn()["data"] if trace["yaxis"] == "y"]
    assert lines[-1]["color"] == COLOURS.accent
    assert lines[0]["dash"] == "dot"


def test_only_the_chosen_schedule_and_today_have_names():
    other = a_plan("other", [0.5] * 11)
    labels = drawn(schedules=(TODAY, other, HIGH))["layout"]["annotations"][2:]
    assert [label["text"] for label in labels] == ["today", "<b>high</b>"]


def test_a_name_is_never_taken_for_markup():
    labels = drawn(schedules=(TODAY, a_plan("<b>x", [0.5] * 11)), chosen="<b>x")
    assert labels["layout"]["annotations"][-1]["text"] == "<b>&lt;b&gt;x</b>"


def test_two_names_never_lie_on_each_other():
    same = a_plan("same", [0.1] * 11)
    one, two = label_places([TODAY, same], [TODAY, same], "epoch", "learning_rate")
    # A name is about a quarter of the 10 epochs wide.
    assert one.above != two.above or abs(one.x - two.x) >= 10 / 4


def test_a_name_stands_at_its_own_line():
    (spot,) = label_places([HIGH], [TODAY, HIGH], "epoch", "learning_rate")
    assert spot.y == pytest.approx(0.8)


def test_above_a_falling_line_a_name_begins_at_its_point_where_the_line_leaves_it_room():
    falling = a_plan("falling", [1 - step / 10 for step in range(11)])
    (spot,) = label_places([falling], [falling], "epoch", "learning_rate")
    assert (spot.above, spot.side) in {(True, "left"), (False, "right")}
