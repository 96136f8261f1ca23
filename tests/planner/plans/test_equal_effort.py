from dataclasses import replace

import pytest

from planner.devices.fabric import Fabric, Interconnect
from planner.economics.assumptions import Production
from planner.plans.equal_effort import ControlRequest, equal_effort
from planner.refusal import Refusal
from planner.schedules.schedule import plan_steps
from tests.support.installation import schedule_data
from tests.support.known_pilot import (
    CURVE,
    SAMPLES,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    TODAY,
    WORKLOAD,
    known_pilot,
    this_computer,
)

COSINE = {**TODAY, "learning_rate": {"initial": 0.1, "decay": "cosine"}}
LARGE = schedule_data("large", batch_size={"initial": 154})
PILOT = known_pilot(schedules=[COSINE, LARGE])


def control(effort, *, pilot=PILOT, throughput=CURVE, hardware=None):
    request = ControlRequest(pilot=pilot, candidate="large", effort=effort, name="control")
    return equal_effort(request, workload=WORKLOAD, throughput=throughput, hardware=hardware)


def test_the_same_steps_are_fewer_epochs_where_the_candidates_batch_is_larger():
    found = control("steps")
    wanted = 20 * STEPS_AT_154
    epochs = round(wanted / STEPS_AT_22)
    assert found.schedule.epochs == epochs == 3
    assert found.effort_ratio == pytest.approx(epochs * STEPS_AT_22 / wanted)
    assert found.baseline_effort_ratio == pytest.approx(20 * STEPS_AT_22 / wanted)


def test_the_control_is_todays_formula_over_its_own_run_and_one_more_candidate():
    made = control("steps").schedule
    assert (made.name, made.role) == ("control", "candidate")
    assert made.batch_size == PILOT.baseline.batch_size
    table = plan_steps(made, training_samples=SAMPLES, epochs=PILOT.budget.epochs)
    assert table.epochs == 3
    assert table.learning_rate[-1] == pytest.approx(0.1 * (1 + -0.5) / 2)  # cos(2 pi / 3)


def test_the_same_time_is_composed_on_the_pilots_device():
    found = control("time")
    wanted, epoch = 20 * STEPS_AT_154 * T_154, STEPS_AT_22 * T_22
    assert found.schedule.epochs == round(wanted / epoch)
    assert found.effort_ratio == pytest.approx(found.schedule.epochs * epoch / wanted)


def test_money_without_a_production_is_time_on_the_reviews_device():
    hardware = this_computer(3600.0)
    assert control("money", hardware=hardware) == replace(control("time"), effort="money")


def test_money_with_a_production_is_time_of_the_production():
    production = Production(
        training_h=10, device_count=8, batch_size=256, half_saturation_batch_size_per_device=32
    )
    pilot = known_pilot(schedules=[COSINE, LARGE], production=production)
    found = control("money", pilot=pilot, hardware=this_computer(1.0, device_count=8))
    # t(b)/B at half-saturation 32 a device: (32 + 32)/256 today, (32 + 224)/1792 with 7 times it.
    ratio = ((32 + 224) / (7 * 256)) / ((32 + 32) / 256)
    assert found.schedule.epochs == round(20 * ratio)
    assert found.baseline_effort_ratio == pytest.approx(1 / ratio)


def test_money_counts_what_the_devices_of_the_production_say_to_each_other():
    """2 x 7/8 of 1 MB at 1 GB/s: 1.75 ms a step, beside 1 ms + b / 100,000 s at 32 and at 224."""
    production = Production(training_h=10, device_count=8, batch_size=256)
    pilot = known_pilot(schedules=[COSINE, LARGE], production=production)
    network = Interconnect(
        fabric=Fabric(bus_bytes_per_s=1e9, latency_s=0.0), payload_bytes=1e6, overlap_fraction=0.0
    )
    hardware = replace(this_computer(1.0, device_count=8), interconnect=network)
    found = control("money", pilot=pilot, hardware=hardware)
    ratio = (3.24 + 1.75) / (7 * (1.32 + 1.75))
    assert found.baseline_effort_ratio == pytest.approx(1 / ratio)
    assert found.schedule.epochs == round(20 * ratio)


def test_a_candidate_that_sees_the_same_samples_needs_no_control_for_them():
    with pytest.raises(Refusal) as refusal:
        control("samples")
    assert (refusal.value.field, refusal.value.code) == ("effort", "effort_already_equal")


def test_a_candidate_with_epochs_of_its_own_has_a_control_of_the_same_samples():
    pilot = known_pilot(schedules=[COSINE, {**LARGE, "epochs": 7}])
    found = control("samples", pilot=pilot)
    assert (found.schedule.epochs, found.effort_ratio) == (7, 1.0)


@pytest.mark.parametrize(
    ("effort", "code"), [("time", "effort_needs_throughput"), ("money", "effort_needs_throughput")]
)
def test_time_and_money_need_a_measured_device(effort, code):
    with pytest.raises(Refusal) as refusal:
        control(effort, throughput=None)
    assert (refusal.value.field, refusal.value.code) == ("effort", code)


def test_money_needs_the_speed_of_the_reviews_hardware():
    with pytest.raises(Refusal) as refusal:
        control("money", hardware=this_computer(1.0, curve=None))
    assert refusal.value.code == "effort_needs_hardware"


def test_an_effort_that_no_run_can_have_is_refused():
    pilot = known_pilot(
        schedules=[
            schedule_data("today", role="baseline", batch_size={"initial": 1078}),
            schedule_data("large", batch_size={"initial": 1}),
        ],
        budget={"epochs": 20},
    )
    with pytest.raises(Refusal) as refusal:
        control("steps", pilot=pilot)
    assert (refusal.value.code, refusal.value.params) == ("effort_out_of_reach", {"epochs": 10_000})


def test_only_a_candidate_of_the_pilot_has_a_control():
    with pytest.raises(Refusal) as refusal:
        ControlRequest(pilot=PILOT, candidate="today", effort="steps", name="control")
    assert (refusal.value.field, refusal.value.params) == ("candidate", {"allowed": "large"})
