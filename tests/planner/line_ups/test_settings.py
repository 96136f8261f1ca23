"""What lines were set to: everything is told once, and only some of it differs."""

from dataclasses import fields, replace

from planner.economics.assumptions import Assumptions, Range
from planner.line_ups.line_up import LineUp
from planner.schedules.schedule import Schedule
from tests.planner.line_ups.test_line_up import ONE, given, taking_part, together


def differing(found: LineUp) -> dict[str, tuple[object, ...]]:
    return {one.key: one.values for one in found.settings if one.differs}


def test_schedules_of_one_pilot_differ_in_what_was_written_differently():
    assert differing(together(ONE)) == {"batch_initial": (22.0, 154.0)}


def test_pilots_differ_in_what_was_fixed_before_their_first_run():
    other = given(
        target={"metric": "validation_loss", "value": 0.25, "direction": "below"},
        momentum_form="nesterov",
    )
    found = differing(together(ONE, taking_part(other, 1, schedules=("today",))))
    assert found["target_value"] == (0.5, 0.5, 0.25)
    assert found["momentum_form"] == ("heavy_ball", "heavy_ball", "nesterov")
    assert set(found) == {"target_value", "momentum_form", "rate_form", "batch_initial"}


def test_settings_of_several_parts_are_told_apart_by_letters():
    own = given()
    ranged = replace(own.pilot.assumptions, ranges={"adoption_engineer_h": Range(low=0, high=9)})
    other = replace(own, pilot=replace(own.pilot, assumptions=ranged))
    found = differing(together(ONE, taking_part(other, 1)))
    assert found["assumption_ranges"] == ("A", "A", "B", "B")


def test_no_assumption_is_forgotten():
    keys = {one.key for one in together(ONE).settings}
    assert {f"assumption_{field.name}" for field in fields(Assumptions)} <= keys


def test_no_part_of_a_schedule_is_forgotten():
    """Two schedules that differ anywhere differ in a setting."""
    own = given()
    first = own.pilot.schedules[1]
    changed: dict[str, Schedule] = {
        "learning_rate": replace(first, learning_rate=replace(first.learning_rate, initial=0.2)),
        "batch_size": replace(first, batch_size=replace(first.batch_size, initial=77)),
        "momentum": replace(first, momentum=replace(first.momentum, value=0.8)),
        "epochs": replace(first, epochs=10),
        "rate_form": replace(first, rate_form="nesterov"),
    }
    assert set(changed) == {field.name for field in fields(Schedule)} - {"name", "role"}
    for part, schedule in changed.items():
        pilot = replace(own.pilot, schedules=(own.pilot.schedules[0], schedule))
        runs = tuple(run for run in own.records if run.run.schedule == "today")
        other = taking_part(replace(own, pilot=pilot, records=runs), 1, schedules=("large",))
        both = together(taking_part(own, schedules=("large",)), other)
        assert differing(both), part
