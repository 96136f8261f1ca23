import pytest

from planner.decisions.gate import (
    Criterion,
    check_criteria,
    findings,
    next_gate,
    stage_after,
    suggested,
)
from planner.refusal import Refusal
from planner.reviews.review import make_review
from tests.support.known_pilot import (
    GROWING,
    LARGE,
    TODAY,
    known_pilot,
    records_of,
    review_input,
)


def test_a_bound_is_a_smallest_value_but_of_a_payback_the_largest():
    criteria = (
        Criterion(key="npv_positive_probability", bound=0.8),
        Criterion(key="payback_months", bound=12.0),
    )
    assert [one.passed for one in findings(criteria, {"npv_positive_probability": 0.8})] == [
        True,
        False,
    ]
    late = {"npv_positive_probability": 0.79, "payback_months": 12.0}
    assert [one.passed for one in findings(criteria, late)] == [False, True]


def test_what_is_not_known_is_not_met():
    (found,) = findings((Criterion(key="payback_months", bound=12.0),), {"payback_months": None})
    assert (found.found, found.passed) == (None, False)


def test_the_way_leads_from_the_pilot_over_a_limited_rollout_to_full_use_and_back():
    assert next_gate("pilot") == "limited_rollout"
    limited = stage_after("pilot", "signed_off", "limited_rollout")
    assert (limited, next_gate(limited)) == ("limited_rollout", "full")
    full = stage_after(limited, "signed_off", "full")
    assert (full, next_gate(full)) == ("full", None)
    returned = stage_after(full, "returned", None)
    assert (returned, next_gate(returned)) == ("returned", "limited_rollout")
    assert stage_after("pilot", "criteria_fixed", "limited_rollout") == "pilot"


@pytest.mark.parametrize(
    ("criteria", "field", "code"),
    [
        ((), "criteria", "criteria_missing"),
        ((Criterion(key="trainings", bound=3.0),), "criteria[0].key", "criterion_not_offered"),
        ((Criterion(key="payback_months"),) * 2, "criteria[1].key", "criterion_repeated"),
    ],
)
def test_criteria_that_make_no_gate_are_refused(criteria, field, code):
    with pytest.raises(Refusal) as refused:
        check_criteria("limited_rollout", criteria)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize("bound", [-1.0, float("nan"), 1.1])
def test_a_bound_that_nothing_can_be_held_against_is_refused(bound):
    with pytest.raises(Refusal):
        Criterion(key="npv_positive_probability", bound=bound)


@pytest.mark.parametrize(
    ("looks", "candidates", "required"), [(1, 1, 0.8), (2, 1, 0.87), (2, 2, 0.935)]
)
def test_suggested_criteria_ask_for_what_the_verdict_will_ask_for(looks, candidates, required):
    """A look of two has 0.65 of the risk of 0.2, a candidate of two half of that."""
    schedules = [TODAY, LARGE, GROWING][: 1 + candidates]
    pilot = known_pilot(looks=looks, schedules=schedules)
    records = [
        record
        for name in ("today", "large", "growing")[: 1 + candidates]
        for record in records_of(pilot, name, (9, 9, 9, 9, 9))
    ]
    review = make_review(review_input(pilot, records))
    for known in (None, review):
        for gate in ("limited_rollout", "full"):
            check_criteria(gate, suggested(gate, pilot, known))
        bounds = {one.key: one.bound for one in suggested("limited_rollout", pilot, known)}
        assert bounds["npv_positive_probability"] == required
        assert bounds["payback_months"] == pilot.assumptions.payback_limit_months
    assert review.verdict.required_probability == pytest.approx(required)
