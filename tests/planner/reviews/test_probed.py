"""Step times outside the probed batches are named, on the runs' device and on the priced hardware.

Today trains at batch 22, the candidate at 154; the curves were probed from batch 8 on.
"""

from dataclasses import replace

import pytest

from planner.economics.assumptions import Production
from planner.reviews.review import make_review
from tests.support.known_pilot import CURVE, known_pilot, records_of, review_input, this_computer

PILOT = known_pilot()
RECORDS = (*records_of(PILOT, "today", [10.0] * 5), *records_of(PILOT, "large", [12.0] * 5))
GIVEN = review_input(PILOT, RECORDS)
TO_32 = replace(CURVE, points=CURVE.points[:3])
TO_256 = replace(CURVE, points=CURVE.points[:6])

EIGHT_AT_22 = Production(training_h=100.0, device_count=8, batch_size=8 * 22)
"""Today at 22 a device, the candidate at 154 a device."""


def extrapolated(**changes):
    return make_review(replace(GIVEN, **changes)).extrapolated


def in_production(production, curve=TO_256):
    hardware = this_computer(1.0, curve=curve, device_count=production.device_count)
    return extrapolated(production=production, hardware=hardware)


def test_batches_outside_what_was_probed_on_the_runs_device_are_named():
    review = make_review(replace(GIVEN, throughput=TO_32))
    assert review.largest_probed_batch_size == 32
    assert review.extrapolated == ("large",)
    assert make_review(GIVEN).extrapolated == ()


def test_so_are_those_outside_the_curve_of_the_hardware_that_is_priced():
    assert extrapolated(hardware=this_computer(1.0, curve=TO_32)) == ("large",)


def test_in_production_the_share_of_one_device_counts():
    assert in_production(EIGHT_AT_22) == ()
    assert in_production(replace(EIGHT_AT_22, batch_size=8 * 44)) == ("large",)


def test_a_share_above_the_memory_of_a_device_is_split_and_then_within_the_curve():
    """308 a device in two micro-batches of 154."""
    split = replace(EIGHT_AT_22, batch_size=8 * 44, maximum_batch_size_per_device=160)
    assert in_production(split) == ()


def test_a_share_below_the_smallest_probed_batch_is_named_too():
    """Today at 2.75 a device; the candidate's 19.25 is within."""
    assert in_production(replace(EIGHT_AT_22, batch_size=22)) == ("today",)


def test_a_stated_half_saturation_batch_reads_no_curve():
    stated = replace(EIGHT_AT_22, batch_size=8 * 44, half_saturation_batch_size_per_device=64.0)
    assert in_production(stated) == ()


@pytest.mark.parametrize("production", [EIGHT_AT_22, None])
def test_hardware_that_nobody_measured_has_no_range_to_leave(production):
    hardware = this_computer(1.0, curve=None, device_count=8 if production else 1)
    assert extrapolated(production=production, hardware=hardware) == ()
