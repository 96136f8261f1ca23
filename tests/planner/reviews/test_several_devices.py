"""Reviews of pilots on several devices: what composed times hold, what is priced, what is said.

Two devices take 11 of today's 22 samples each, and 77 of the candidate's 154; to a step they add
what they say to each other, 2 ms.
"""

from dataclasses import replace

import pytest

from planner.pilots.course import courses
from planner.refusal import Refusal
from planner.reviews.race import judge_races
from planner.reviews.review import make_review
from planner.reviews.review_input import PilotEvidence
from planner.reviews.trials import select_from
from tests.planner.devices.scaled import a_point, a_scaling
from tests.support.known_pilot import (
    CURVE,
    EVALUATION_S,
    PLAN,
    STEPS_AT_22,
    WORKLOAD,
    known_pilot,
    records_of,
    review_input,
    this_computer,
)
from wording.basis import basis_sentences

EXCHANGE_S = 0.002
SCALING = replace(
    a_scaling(),
    device=CURVE.device,
    versions=CURVE.versions,
    points=(
        a_point(1, 22, 1.22),
        a_point(1, 154, 2.54),
        a_point(2, 22, 3.11, communication_s=EXCHANGE_S),
        a_point(2, 154, 3.77, communication_s=EXCHANGE_S),
    ),
)
T_11 = 1e-3 + 11 / 1e5
T_77 = 1e-3 + 77 / 1e5


def on(**counts):
    """The pilot with so many devices in every stage of each schedule."""
    devices = [{"schedule": name, "counts": [count]} for name, count in counts.items()]
    return known_pilot(devices=devices)


def given(pilot, scaling=SCALING, **changes):
    records = (*records_of(pilot, "today", [10.0] * 5), *records_of(pilot, "large", [12.0] * 5))
    return review_input(pilot, records, scaling=scaling, **changes)


def mean_time_s(review, schedule):
    found = next(one for one in review.schedules if one.schedule == schedule)
    return found.measured.mean_time_to_target_s


def sentences(review, language="en"):
    return basis_sentences(review, review.schedules[1], language)


def test_a_composed_time_holds_what_its_devices_say_to_each_other_where_that_was_measured():
    review = make_review(given(on(large=2)))
    assert mean_time_s(review, "today") == pytest.approx(10 * STEPS_AT_22 * (1e-3 + 22 / 1e5))
    assert mean_time_s(review, "large") == pytest.approx(12 * 7 * (T_77 + EXCHANGE_S))
    assert (review.communication.measured, review.communication.left_out) == ((2,), ())


def test_it_is_left_out_where_it_was_not_measured_and_the_review_says_so():
    review = make_review(given(on(large=2), scaling=None))
    assert mean_time_s(review, "large") == pytest.approx(12 * 7 * T_77)
    assert (review.communication.measured, review.communication.left_out) == ((), (2,))
    said = [one for one in sentences(review) if "say to each other" in one]
    assert len(said) == 1
    assert said[0].startswith("Composed times on 2 devices lack")
    assert any("含みません" in one for one in sentences(review, "ja"))


def test_a_review_says_of_which_numbers_of_devices_it_is_in_and_of_which_it_is_not():
    review = make_review(given(on(today=2, large=4)))
    said = [one for one in sentences(review) if "say to each other" in one]
    assert [one.split(" devices ")[0] for one in said] == [
        "Composed times on 2",
        "Composed times on 4",
    ]


def test_nothing_is_said_of_a_pilot_on_one_device():
    review = make_review(given(known_pilot()))
    assert review.communication is None
    assert not any("say to each other" in one for one in sentences(review))


def test_a_training_on_two_devices_throughout_costs_the_time_of_both():
    """3,600 dollars an hour are a dollar a second, of each of the two."""
    hardware = this_computer(3600.0, device_count=2)
    review = make_review(given(on(today=2, large=2), hardware=hardware))
    assert review.unavailable is None
    today_s = 10 * STEPS_AT_22 * (T_11 + EXCHANGE_S) + 11 * EVALUATION_S
    assert review.today.training_h * 3600 == pytest.approx(today_s)
    assert review.today.device_count == 2
    today = review.schedules[0]
    assert today.training.cost.amount == pytest.approx(2 * today_s)


@pytest.mark.parametrize(
    ("counts", "devices", "scaling"),
    [
        ({"large": 2}, 2, SCALING),
        ({"today": 2, "large": 2}, 1, SCALING),
        ({"today": 2, "large": 2}, 2, None),
        ({"today": 4, "large": 4}, 4, SCALING),
    ],
)
def test_it_has_no_price_where_devices_differ_or_what_they_say_is_not_known(
    counts, devices, scaling
):
    hardware = this_computer(3600.0, device_count=devices)
    review = make_review(given(on(**counts), scaling=scaling, hardware=hardware))
    assert (review.unavailable, review.today) == ("several_devices_in_pilot", None)


def test_a_sweep_on_several_devices_is_selected_at_the_pace_that_was_measured():
    """Today needs 10 epochs on one device, the candidate 12 on two, with and without messages."""
    seeds = {"confirmation": [11, 12, 13], "selection": [1, 2]}
    devices = [{"schedule": "large", "counts": [2]}]
    pilot = known_pilot(seeds=seeds, rate_multipliers=[1, 2], devices=devices)
    records = [
        record
        for schedule, multiplier, epochs in (
            ("today", 1.0, 10.0),
            ("today", 2.0, 11.0),
            ("large", 1.0, 13.0),
            ("large", 2.0, 12.0),
        )
        for record in records_of(
            pilot, schedule, [epochs] * 2, purpose="selection", rate_multiplier=multiplier
        )
    ]
    laid_out = courses(pilot, WORKLOAD, CURVE, PLAN, SCALING)
    found = select_from(
        judge_races(records, pilot, laid_out, evaluation_s=EVALUATION_S),
        pilot=pilot,
        laid_out=laid_out,
        throughput=CURVE,
        plan=PLAN,
    )
    assert found.selected == {"today": 1.0, "large": 2.0}


def test_steps_that_were_timed_on_other_devices_are_refused_at_their_field():
    pilot = on(large=2)
    with pytest.raises(Refusal) as refused:
        PilotEvidence(
            pilot=pilot,
            records=(),
            throughput=CURVE,
            micro_batch_plan=PLAN,
            scaling=replace(SCALING, device="another device"),
        )
    assert (refused.value.field, refused.value.code) == (
        "scaling.device",
        "scaling_of_other_device",
    )
