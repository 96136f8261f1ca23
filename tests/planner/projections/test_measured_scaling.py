"""Steps that were measured on several devices, laid over what is projected to them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from planner.devices.scaling import curve_on
from planner.projections.scaling_facts import ScalingState, scaling_facts
from planner.projections.transfer import StageSamples
from planner.projections.what_if import what_if
from planner.projections.what_if_request import HardwareOption, WhatIfRequest
from planner.refusal import Refusal
from tests.planner.devices.scaled import a_point, a_scaling

STATE = ScalingState(
    number=1,
    workload="digits-mlp",
    device="a quiet CPU",
    dtype="float32",
    versions="torch 2.13.0",
    measured_at=datetime(2026, 11, 28, tzinfo=UTC),
    age_s=60.0,
    device_counts=(1, 2),
    newest=True,
)


def a_hardware(**changes) -> HardwareOption:
    scaling = a_scaling()
    fields = {
        "name": "CPU",
        "throughput": curve_on(scaling, 1),
        "scaling": scaling,
        "connected_as_measured": True,
    }
    return HardwareOption(**{**fields, **changes})


def a_request(hardware: HardwareOption, **changes) -> WhatIfRequest:
    fields = {
        "stages": (
            StageSamples(batch_size=200, samples=200e6),
            StageSamples(batch_size=400, samples=400e6),
        ),
        "device_counts": (1, 2, 4),
    }
    return WhatIfRequest(hardware=(hardware,), **{**fields, **changes})


def test_measured_steps_make_a_training_beside_the_projected_one():
    (found,) = what_if(a_request(a_hardware())).hardware
    alone, two = found.measured
    assert (alone.device_count, two.device_count) == (1, 2)
    assert alone.training_h == pytest.approx(1e6 * (3.0 + 5.0) / 1000 / 3600)
    assert two.training_h == pytest.approx(1e6 * (4.0 + 5.0) / 1000 / 3600)
    assert two.training_low_h == pytest.approx(two.training_h * (1 - 0.1 / 2))
    assert two.training_high_h == pytest.approx(two.training_h * (1 + 0.1 / 2))
    assert two.communication_fraction == pytest.approx((2.0 + 2.0) / (4.0 + 5.0))


def test_one_device_and_the_bare_all_reduce_predict_two_devices():
    (found,) = what_if(a_request(a_hardware())).hardware
    # Steps of 100 and 200 samples on one device take 2 and 3 ms; the message takes 2 ms.
    first, second = (stage[1] for stage in found.stages)
    assert first.step_time_s == pytest.approx((2.0 + 2.0) / 1000)
    assert second.step_time_s == pytest.approx((3.0 + 2.0) / 1000)
    assert found.same_devices[1].training_h == pytest.approx(found.measured[1].training_h)
    assert {one.quantity: one.origin for one in found.sources}["fabric"] == "measured"


def test_more_devices_than_were_measured_are_projected_and_say_so():
    (found,) = what_if(a_request(a_hardware())).hardware
    assert "devices_not_measured" in found.same_devices[2].extrapolations
    assert len(found.measured) == 2


def test_the_chart_has_lines_for_what_is_projected_and_points_for_what_was_measured():
    (chart,) = what_if(a_request(a_hardware())).charts
    projected, measured = chart.series
    assert (projected.role, measured.role) == ("candidate", "point")
    assert (projected.name, measured.name) == ("CPU", "CPU")
    assert measured.x == (1.0, 2.0)
    assert measured.low[1] < measured.y[1] < measured.high[1]


def test_without_a_measurement_nothing_is_laid_over():
    hardware = HardwareOption(name="CPU", throughput=curve_on(a_scaling(), 1))
    answer = what_if(a_request(hardware))
    assert answer.hardware[0].measured == ()
    assert [series.role for chart in answer.charts for series in chart.series] == ["candidate"]


def test_a_stage_outside_of_the_measured_batches_has_no_measured_training():
    larger = (StageSamples(batch_size=800, samples=800e6),)
    assert what_if(a_request(a_hardware(), stages=larger)).hardware[0].measured == ()


def test_a_share_that_a_device_would_accumulate_was_not_measured_so():
    (found,) = what_if(a_request(a_hardware(largest_micro_batch_size=200))).hardware
    assert [one.device_count for one in found.measured] == [2]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"scaling_number": 1}, "scaling", "scaling_given_twice"),
        ({"scaling": None}, "scaling", "scaling_not_given"),
        ({"fabric_id": "nvlink4-h100"}, "fabric", "fabric_given_twice"),
        ({"scaling": a_scaling(workload="other")}, "scaling", "scaling_of_other_workload"),
    ],
)
def test_a_hardware_that_says_two_things_of_its_connection_is_refused(changes, field, code):
    with pytest.raises(Refusal) as refused:
        a_hardware(**changes)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_every_measured_step_stands_beside_what_one_device_predicts():
    facts = scaling_facts(STATE, a_scaling())
    alone, two = facts.rows[1], facts.rows[4]
    assert alone.projected is None
    assert two.projected is not None
    assert two.projected.step_time_s == pytest.approx((3.0 + 2.0) / 1000)
    assert two.strong_efficiency_fraction == pytest.approx(0.5)
    assert facts.bus_bytes_per_s == pytest.approx(4e6 / 0.002)
    assert facts.overlap_fraction == 0.0


def test_the_scaling_chart_draws_a_line_for_a_batch_that_was_timed_on_several_device_counts():
    chart = scaling_facts(STATE, a_scaling()).chart
    lines = [series for series in chart.series if series.role == "candidate"]
    points = [series for series in chart.series if series.role == "point"]
    assert [series.name for series in lines] == ["200", "400"]
    assert [series.name for series in points] == ["100", "200", "400"]
    assert lines[0].y == pytest.approx((0.003, 0.004))


def test_a_measurement_without_a_bare_all_reduce_is_shown_without_a_projection():
    facts = scaling_facts(STATE, replace(a_scaling(), exchanges=()))
    assert facts.bus_bytes_per_s is None
    assert all(row.projected is None for row in facts.rows)
    assert all(series.role == "point" for series in facts.chart.series)


def test_a_batch_too_large_for_one_device_is_projected_as_one_micro_batch_a_device():
    points = (a_point(1, 100, 2.0), a_point(1, 200, 3.0), a_point(2, 400, 5.0))
    facts = scaling_facts(STATE, a_scaling(points=points))
    two = facts.rows[2]
    assert two.strong_efficiency_fraction is None
    assert two.projected is not None
    assert (two.projected.micro_batches, two.projected.micro_batch_size) == (1, 200)
