"""The tour waits for what it wants to show, and always finds its way back."""

import pytest

from frontend.tour_steps import STEPS, number_of, way_on


def test_there_are_five_steps_and_a_link_names_one_of_them():
    assert len(STEPS) == 5
    assert [number_of(value) for value in ("1", "5", "0", "6", "two", None)] == [
        1,
        5,
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("standing", ["absent", "cancelled"])
def test_without_an_example_every_step_offers_to_start_it(number, standing):
    assert way_on(number, standing, path="settings") == "start"


def test_a_step_that_is_shown_on_another_page_leads_to_its_own():
    assert way_on(3, "done", path="settings") == "there"


def test_the_example_may_run_while_it_is_planned_and_watched_but_not_when_it_is_reviewed():
    ways = [way_on(number, "running", path=step.path) for number, step in enumerate(STEPS, 1)]
    assert ways == ["next", "wait", "wait", "wait", "wait"]


def test_an_example_at_its_cap_asks_for_the_cap():
    assert way_on(2, "held", path="live") == "raise"


def test_a_finished_example_leads_from_the_first_step_to_the_end():
    ways = [way_on(number, "done", path=step.path) for number, step in enumerate(STEPS, 1)]
    assert ways == ["next", "next", "next", "next", "finish"]
