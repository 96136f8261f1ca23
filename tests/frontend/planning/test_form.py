from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from frontend.calls.api import FieldProblem
from frontend.calls.codec import adapter
from frontend.planning.document import read, written
from frontend.planning.form import (
    Remark,
    as_typed,
    baseline_place,
    is_plan,
    plan_of,
    plan_request,
    quality_metrics,
    remarks_on,
    request_of,
    step_of,
    with_baseline,
    with_control,
    with_copy,
    with_device_count,
    with_meters,
    with_metric,
    with_money_cap,
    with_multipliers,
    with_preset,
    with_production,
    with_quality,
    with_quality_metric,
    with_seed_count,
    without_schedule,
)
from planner.pilots.meters import Meters
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload

EXAMPLE = Path(__file__).parents[3] / "backend" / "data" / "example_pilot.yaml"
PILOT = adapter(Pilot).validate_python(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
PLAN = plan_of(PILOT, name="Ours")
WITH_HITS = Workload(
    name="ours",
    training_samples=60,
    validation_samples=20,
    test_samples=20,
    metrics=("validation_loss", "validation_hits"),
    directions={"validation_hits": "above"},
)


def names(document):
    return [schedule["name"] for schedule in read(document, "pilot.schedules")]


def test_a_new_plan_is_a_copy_of_a_pilot_under_its_own_name():
    assert read(PLAN, "pilot.name") == "Ours"
    pilot = plan_request(PLAN).pilot
    assert pilot.schedules == PILOT.schedules
    assert pilot.assumptions == PILOT.assumptions


def test_a_control_of_equal_effort_is_one_more_candidate_with_epochs_of_its_own():
    control = replace(PILOT.baseline, name="control", role="candidate", epochs=7)
    document = with_control(PLAN, control)
    assert names(document) == [*names(PLAN), "control"]
    made = plan_request(document).pilot.schedules[-1]
    assert made == control


def test_a_stored_draft_of_another_kind_is_not_taken_for_a_plan():
    assert is_plan(PLAN)
    assert not is_plan({})
    assert not is_plan({"pilot": {"name": "only a name"}})
    assert not is_plan(written(PLAN, "pilot.schedules", ["text"]))


@pytest.mark.parametrize(
    ("field", "step"),
    [
        ("pilot.target.value", 1),
        ("pilot.seeds.confirmation[0]", 1),
        ("", 1),
        ("pilot.schedules", 2),
        ("pilot.schedules[1].batch_size.thresholds", 2),
        ("pilot.production.training_h", 3),
        ("pilot.assumptions.trainings_per_month", 3),
        ("pilot_rate_per_device_h", 3),
    ],
)
def test_a_field_belongs_to_the_step_that_shows_it(field, step):
    assert step_of(field) == step


def test_an_empty_field_is_missing_and_not_of_a_wrong_type():
    empty = written(PLAN, "pilot.budget.epochs", None)
    problem = FieldProblem(field="pilot.budget.epochs", code="wrong_type")
    assert [remark.code for remark in remarks_on(empty, [problem], None)] == ["missing"]
    assert [remark.code for remark in remarks_on(PLAN, [problem], None)] == ["wrong_type"]


def test_a_target_metric_brings_its_direction():
    accuracy = with_metric(PLAN, "validation_accuracy", None)
    assert read(accuracy, "pilot.target.direction") == "above"


def test_quality_can_be_left_out_and_taken_back():
    without = with_quality(PLAN, None, wanted=False)
    assert plan_request(without).pilot.quality is None
    assert plan_request(with_quality(without, None, wanted=True)).pilot.quality is not None


def test_a_metric_that_only_the_workload_knows_brings_its_direction():
    chosen = with_metric(PLAN, "validation_hits", WITH_HITS)
    assert read(chosen, "pilot.target.direction") == "above"
    assert "validation_hits" in quality_metrics(WITH_HITS)
    gated = with_quality_metric(PLAN, "validation_hits", WITH_HITS)
    assert read(gated, "pilot.quality.direction") == "above"
    back = with_quality_metric(gated, "validation_loss", WITH_HITS)
    assert read(back, "pilot.quality.direction") is None


def test_quality_begins_with_a_metric_that_the_workload_evaluates():
    gated = with_quality(PLAN, WITH_HITS, wanted=True)
    assert read(gated, "pilot.quality.metric") == "validation_loss"


def test_fewer_seeds_keep_the_first_and_more_seeds_serve_no_other_phase():
    # The example selects on 1 and 2 and confirms on 11 to 15.
    fewer = with_seed_count(PLAN, "confirmation", 3)
    assert read(fewer, "pilot.seeds.confirmation") == [11, 12, 13]
    more = with_seed_count(PLAN, "selection", 4)
    assert read(more, "pilot.seeds.selection") == [1, 2, 16, 17]
    assert plan_request(more).pilot.seeds.confirmation == (11, 12, 13, 14, 15)


def test_the_stated_rate_itself_is_always_tried():
    assert read(with_multipliers(PLAN, [4.0, 2.0]), "pilot.rate_multipliers") == [1.0, 2.0, 4.0]


def test_hardware_and_production_have_one_number_of_devices():
    changed = with_device_count(PLAN, 16)
    assert read(changed, "pilot.hardware.device_count") == 16
    assert read(changed, "pilot.production.device_count") == 16
    alone = with_device_count(with_production(PLAN, wanted=False), 4)
    assert read(alone, "pilot.production") is None


def test_a_preset_starts_from_todays_schedule_under_a_name_of_its_own():
    once = with_preset(PLAN, "growing_batch", name="growing batch")
    assert names(once)[-1] == "growing batch 2"
    assert plan_request(once).pilot.schedules[-1].learning_rate.initial == 0.02


def test_a_candidate_can_be_taken_out():
    assert names(without_schedule(PLAN, 1)) == [names(PLAN)[0], *names(PLAN)[2:]]


def test_there_is_exactly_one_schedule_of_today():
    schedules = read(with_baseline(PLAN, 2), "pilot.schedules")
    assert [schedule["role"] for schedule in schedules].count("baseline") == 1
    assert baseline_place(schedules) == 2
    assert baseline_place([{"role": "candidate"}, {"role": "candidate"}]) == 0


def test_a_draft_that_never_spoke_of_the_throughput_uses_what_is_known():
    assert request_of({"pilot": {}, "pilot_rate_per_device_h": None})["measure_again"] is False
    assert request_of({"pilot": {}, "measure_again": True})["measure_again"] is True


def test_both_costly_meters_go_off_and_on_together():
    off = with_meters(PLAN, wanted=False)
    assert plan_request(off).pilot.meters == Meters(curvature=False, noise_scale=False)
    assert plan_request(with_meters(off, wanted=True)).pilot.meters == Meters()


def test_a_copy_of_a_schedule_is_a_candidate_with_a_name_of_its_own():
    (today,) = [name for name in names(PLAN) if name == "today"]
    copied = with_copy(PLAN, names(PLAN).index(today))
    original, copy = read(copied, "pilot.schedules[0]"), read(copied, "pilot.schedules")[-1]
    assert names(copied) == [*names(PLAN), "today 2"]
    assert copy == {**original, "name": "today 2", "role": "candidate"}


def test_a_copy_of_a_copy_counts_on():
    twice = with_copy(with_copy(PLAN, 0), len(names(PLAN)))
    assert names(twice) == [*names(PLAN), "today 2", "today 3"]
    run = {**PLAN["pilot"]["schedules"][0], "name": "run 2"}
    alone = {**PLAN, "pilot": {**PLAN["pilot"], "schedules": [run]}}
    assert names(with_copy(alone, 0)) == ["run 2", "run 2 2"]  # the 2 is its own


def test_a_cap_in_money_is_an_amount_of_the_currency_and_an_empty_field_is_none():
    path = "pilot.caps.pilot_money"
    capped = with_money_cap(PLAN, path, 50.0, currency="USD")
    assert read(capped, path) == {"amount": 50.0, "currency": "USD"}
    assert read(with_money_cap(capped, path, None, currency="USD"), path) is None
    assert step_of(f"{path}.amount") == 3


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("pilot.assumptions.discount_rate_per_year", {"low": 0, "high": 100}),
        ("pilot.assumptions.ranges.attention_fraction.low", {"low": 0, "high": 100}),
        ("pilot.production.overhead_fraction", {"low": 0, "high": 100}),
        ("pilot.assumptions.horizon_months", {"low": 0, "high": 1}),
    ],
)
def test_limits_of_a_share_are_said_in_the_per_cents_that_its_field_shows(field, shown):
    refusal = Remark(field=field, code="out_of_range", params={"low": 0, "high": 1}, refused=True)
    assert as_typed(refusal) == shown
