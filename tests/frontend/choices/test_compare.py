"""What is compared is in the link, and a wrong link shows what it can."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.choices.compare import PARAMS, Compared, read, request_of, told_apart, written
from planner.line_ups.line_up_request import BaselineChoice, PilotChoice

CHOSEN = Compared(
    pilots=("a", "b"),
    schedules={"a": ("today", "grow, then “stop” & {wait}")},
    runs={"b": ("r1", "r2")},
    baseline=("b", "today"),
    along="energy",
    shown="validation_accuracy",
    currency="JPY",
    everything=True,
)


def said(compared: Compared) -> dict[str, str]:
    return {name: value for name, value in written(compared).items() if value is not None}


def test_another_person_opens_the_same_view():
    assert read(said(CHOSEN)) == CHOSEN
    assert set(written(CHOSEN)) == set(PARAMS)


def test_what_was_not_chosen_is_not_in_the_link():
    assert said(Compared(pilots=("a",))) == {"pilots": "a"}
    assert read({}) == read(said(Compared(pilots=()))) == Compared(pilots=())


@given(
    st.dictionaries(
        st.sampled_from(("a", "b")), st.lists(st.text(min_size=1), min_size=1, unique=True)
    )
)
def test_any_name_of_a_schedule_survives_the_link(names):
    compared = Compared(pilots=("a", "b"), schedules={one: tuple(of) for one, of in names.items()})
    assert read(said(compared)) == compared


@pytest.mark.parametrize(
    "wrong",
    [
        {"schedules": "{"},
        {"schedules": "[1]"},
        {"schedules": '{"c": ["today"]}'},
        {"runs": '{"a": "r1"}'},
        {"baseline": '["c", "today"]'},
        {"baseline": '["a"]'},
        {"along": "week"},
        {"runs": "[" * 100_000},
    ],
)
def test_what_a_link_says_wrongly_is_left(wrong):
    assert read({"pilots": "a,b", **wrong}) == Compared(pilots=("a", "b"))


def test_no_more_pilots_are_asked_for_than_are_taken():
    pilots = ",".join(f"p{number}" for number in range(80))
    assert len(read({"pilots": pilots}).pilots) == 50
    assert read({"pilots": "a,a,,b"}).pilots == ("a", "b")


def test_the_api_is_asked_for_what_is_chosen():
    asked = request_of(CHOSEN)
    assert asked.pilots == (
        PilotChoice(pilot_id="a", schedules=CHOSEN.schedules["a"]),
        PilotChoice(pilot_id="b", run_ids=("r1", "r2")),
    )
    assert asked.baseline == BaselineChoice(pilot_id="b", schedule="today")
    assert (asked.along, asked.shown, asked.currency) == ("energy", "validation_accuracy", "JPY")
    assert json.loads(said(CHOSEN)["baseline"]) == ["b", "today"]


def test_choices_of_one_label_are_told_apart():
    assert told_apart(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
