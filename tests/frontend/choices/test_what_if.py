"""What is asked about other devices, and how the answer is read."""

from dataclasses import replace

import pytest

from frontend.choices.what_if import MEASURED_HERE, Asked, Known, what_if_request
from frontend.tables.what_if import (
    CSV_COLUMNS,
    csv_rows,
    handed_over,
    left_out,
    measured_rows,
    plan_name,
    plan_rows,
    remarks,
)
from planner.devices.scaling import curve_on
from planner.economics.rates import HardwareProfile
from planner.projections.device_speed import TypedPoint
from planner.projections.transfer import StageSamples
from planner.projections.what_if import what_if
from planner.projections.what_if_request import HardwareOption, WhatIfRequest
from planner.reviews.review import make_review
from tests.planner.devices.scaled import a_scaling
from tests.support.measured_pilots import H100, a_review_input
from tests.support.planted_worker import planted_curve
from wording.catalogue import LANGUAGES

GIVEN = a_review_input({"today": 0.10, "growing batch": 0.08})
REVIEW = make_review(GIVEN)
GROWING = REVIEW.schedules[1]
CURVE = planted_curve()
NOTHING = Known(own=None, numbers={})
OTHER = replace(H100, id="b200", device="B200")


def asked_of(review, **typed):
    return what_if_request(review, review.schedules[1], Asked(**typed), NOTHING)


def answer(**typed):
    return what_if(asked_of(REVIEW, **typed))


def test_hardware_of_which_only_the_half_saturation_batch_is_known_takes_todays_hours():
    request = asked_of(REVIEW)
    (own,) = request.hardware
    half = GIVEN.production.half_saturation_batch_size_per_device
    assert [point.step_time_s - point.batch_size for point in own.typed_points] == [half, half]
    assert own.communication_included
    on_today = next(
        plan
        for plan in what_if(request).hardware[0].same_devices
        if plan.device_counts[0] == REVIEW.device_count
    )
    fixed_h = GIVEN.production.training_h * GIVEN.production.overhead_fraction
    assert on_today.training_h == pytest.approx(GROWING.training.training_h - fixed_h, rel=0.01)


def test_it_is_said_what_the_times_of_plans_leave_out():
    """Two of a training's 40 hours are changed by no schedule."""
    production = replace(GIVEN.production, training_h=40.0, overhead_fraction=0.05)
    assert "leave out the 2 h 0 min of a training" in left_out(production, "en")
    assert left_out(replace(production, overhead_fraction=0.0), "en") == ""
    assert "evaluations" in left_out(None, "en")


def test_a_measured_device_is_asked_about_with_its_curve_and_a_fabric():
    card = replace(H100, device=CURVE.device)
    measured = make_review(
        replace(
            GIVEN,
            hardware=HardwareProfile(rate_card=card, device_count=8, throughput=CURVE),
        )
    )
    known = Known(own=CURVE, numbers={})
    asked = Asked(fabric_id="nvlink4-h100", payload_mb=45)
    request = what_if_request(measured, measured.schedules[1], asked, known)
    (own,) = request.hardware
    assert (own.throughput, own.fabric_id, own.typed_points) == (CURVE, "nvlink4-h100", ())
    assert request.payload_bytes == 45e6


def test_another_device_has_its_stored_curve_else_what_was_typed():
    points = (
        TypedPoint(batch_size=8, step_time_s=0.01),
        TypedPoint(batch_size=64, step_time_s=0.05),
    )
    typed = asked_of(REVIEW, other=OTHER, other_points=points).hardware[1]
    assert (typed.name, typed.typed_points, typed.price_id) == ("B200", points, "b200")
    stored = Known(own=None, numbers={"B200": 3})
    request = what_if_request(REVIEW, GROWING, Asked(other=OTHER), stored)
    assert request.hardware[1].curve_number == 3


def test_a_run_that_never_arrived_leaves_nothing_to_ask():
    lost = make_review(a_review_input({"today": 0.10, "growing batch": 0.5}))
    assert asked_of(lost) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_best_plans_are_named_with_time_cost_and_worth(language):
    rows = plan_rows(answer(), language)
    assert len(rows) == 3  # highest worth, cheapest, fastest
    assert all(all(row) for row in rows)


def test_a_deadline_and_a_budget_bind_the_named_plans():
    found = answer(deadline_h=10.0, budget=1_000.0)
    (own,) = found.hardware
    for plan in (own.cheapest, own.fastest, own.best_worth):
        assert plan.training_h <= 10.0
        assert plan.cost.amount <= 1_000.0


def test_as_a_file_every_plan_has_its_numbers():
    found = answer()
    rows = [dict(zip(CSV_COLUMNS, row, strict=True)) for row in csv_rows(found)]
    fastest = next(row for row in rows if row["plan"] == "fastest")
    assert fastest["training_h"] == found.hardware[0].fastest.training_h
    assert len([row for row in rows if row["plan"] == "front"]) == len(found.hardware[0].front)


def test_hardware_without_a_speed_says_what_to_do():
    (_, said) = remarks(answer(other=replace(OTHER, id="h100-test")), "en")
    assert said == "B200: not available: probe it or type two points"


def a_measured_review():
    """The pilot's hardware is a device that a worker probed."""
    card = replace(H100, device=CURVE.device)
    profile = HardwareProfile(rate_card=card, device_count=8, throughput=CURVE)
    return make_review(replace(GIVEN, hardware=profile))


def own_hardware(asked, *, scaling):
    review = a_measured_review()
    known = Known(own=CURVE, numbers={}, scaling=scaling)
    return what_if_request(review, review.schedules[1], asked, known).hardware[0]


def test_what_was_measured_on_several_devices_goes_with_the_question():
    own = own_hardware(Asked(fabric_id="nvlink4-h100"), scaling={CURVE.device: 4})
    assert (own.scaling_number, own.fabric_id) == (4, "nvlink4-h100")
    assert not own.connected_as_measured


def test_the_connection_can_be_taken_as_it_was_measured_here():
    own = own_hardware(Asked(fabric_id=MEASURED_HERE), scaling={CURVE.device: 4})
    assert (own.scaling_number, own.fabric_id, own.connected_as_measured) == (4, None, True)


def test_a_link_that_names_a_measurement_nobody_made_asks_about_one_device():
    own = own_hardware(Asked(fabric_id=MEASURED_HERE), scaling={})
    assert (own.scaling_number, own.fabric_id, own.connected_as_measured) == (None, None, False)


def two_measured_devices():
    scaling = a_scaling()
    hardware = HardwareOption(
        name="CPU",
        throughput=curve_on(scaling, 1),
        scaling=scaling,
        connected_as_measured=True,
    )
    stages = (StageSamples(batch_size=400, samples=400 * 3.6e6),)
    return what_if(WhatIfRequest(hardware=(hardware,), stages=stages, device_counts=(1, 2)))


def test_a_measured_training_stands_beside_the_projected_one():
    # 3.6 million steps of 5 ms on one device, and on two, of which the message takes 2.
    one, two = measured_rows(two_measured_devices(), "en")
    assert one[:2] == ["CPU", "1"]
    assert two[1].startswith("2")
    assert (two[4], two[5], two[6]) == ("1.00×", "40%", "measured")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_measurement_no_table_of_them_is_drawn(language):
    assert measured_rows(answer(), language) == []


def test_as_a_file_what_was_measured_says_so():
    rows = [dict(zip(CSV_COLUMNS, row, strict=True)) for row in csv_rows(two_measured_devices())]
    told = [row for row in rows if row["plan"] == "measured"]
    assert [row["device_counts"] for row in told] == ["1", "2"]
    assert told[1]["training_h"] == pytest.approx(3.6e6 * 0.005 / 3600)


def test_a_pilot_can_be_started_with_every_plan_once_that_one_worker_can_have():
    found = answer()
    (own,) = found.hardware
    offered = handed_over(found)
    assert offered
    assert len({plan.device_counts for plan in offered}) == len(offered)
    assert {plan.device_counts for plan in offered} == {
        plan.device_counts
        for plan in (own.best_worth, own.cheapest, own.fastest, *own.front)
        if max(plan.device_counts) <= 64
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_to_start_with_is_told_as_in_the_table_of_plans_without_its_interval(language):
    found = answer()
    named = plan_name(found.hardware[0].cheapest, language)
    devices, time, cost = named.split(" \u00b7 ")
    rows = [row[2:5] for row in plan_rows(found, language) if (row[2], row[4]) == (devices, cost)]
    assert rows
    assert all(row[1].startswith(time) for row in rows)
