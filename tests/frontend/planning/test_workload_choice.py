"""Another workload for a plan: what suits it comes, what somebody wrote stays."""

from pathlib import Path

import yaml

from frontend.calls.codec import adapter
from frontend.planning.document import read, written
from frontend.planning.form import plan_of, plan_request, with_preset, without_schedule
from frontend.planning.workload_choice import (
    is_only_estimated,
    kept_schedules,
    with_suited_schedules,
    with_workload,
)
from planner.pilots.pilot import Pilot

EXAMPLE = Path(__file__).parents[3] / "backend" / "data" / "example_pilot.yaml"
PILOT = adapter(Pilot).validate_python(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
PLAN = plan_of(PILOT, name="Ours")
GROWING = "grow from today"


def names(document):
    return [schedule["name"] for schedule in read(document, "pilot.schedules")]


def test_another_workload_brings_its_target_its_epochs_and_schedules_that_suit_it():
    plan = with_workload(PLAN, "mnist1d-mlp", growing=GROWING)
    pilot = plan_request(plan).pilot
    assert (pilot.workload, pilot.budget.epochs) == ("mnist1d-mlp", 30)
    assert (pilot.target.metric, pilot.target.value) == ("train_loss", 0.1)
    today, growing = pilot.schedules
    assert (today.learning_rate.initial, today.batch_size.initial) == (0.04, 16)
    assert (growing.name, growing.role, growing.batch_size.initial) == (
        "grow from today",
        "candidate",
        16,
    )
    assert pilot.assumptions == PILOT.assumptions
    assert pilot.seeds == PILOT.seeds


def test_a_workload_of_which_nothing_is_known_changes_nothing_else():
    plan = with_workload(PLAN, "ours", growing=GROWING)
    assert written(plan, "pilot.workload", "digits-mlp") == PLAN


def test_a_candidate_that_somebody_added_stays_beside_what_suits_the_workload():
    added = with_preset(PLAN, "constant_batch", name="ours")
    plan = with_workload(added, "mnist1d-mlp", growing=GROWING)
    assert names(plan) == ["today", "ours", GROWING]
    assert kept_schedules(plan) == ["ours"]
    pilot = plan_request(plan).pilot
    assert pilot.baseline.learning_rate.initial == 0.04
    assert pilot.schedules[1] == plan_request(added).pilot.schedules[-1]


def test_a_baseline_that_somebody_changed_stays_and_the_candidate_grows_from_it():
    edited = written(PLAN, "pilot.schedules[0].batch_size.initial", 24)
    plan = with_workload(edited, "mnist1d-mlp", growing=GROWING)
    today, growing = plan_request(plan).pilot.schedules
    assert (today.role, today.batch_size.initial) == ("baseline", 24)
    assert growing.batch_size.initial == 24


def test_what_stayed_stays_again_and_what_came_with_a_workload_goes_with_it():
    added = with_preset(PLAN, "constant_batch", name="ours")
    first = with_workload(added, "mnist1d-mlp", growing=GROWING)
    second = with_workload(first, "fmnist10k-mlp", growing=GROWING)
    assert names(second) == ["today", "ours", GROWING]
    assert plan_request(second).pilot.baseline.learning_rate.initial == 0.01


def test_a_candidate_that_was_taken_out_does_not_come_back_beside_ones_own():
    added = with_preset(
        with_workload(PLAN, "mnist1d-mlp", growing=GROWING), "growing_batch", name="x"
    )
    alone = without_schedule(added, names(added).index(GROWING))
    assert names(with_workload(alone, "digits-mlp", growing=GROWING)) == ["today", "x"]


def test_a_kept_schedule_called_today_leaves_its_name_to_it():
    added = with_preset(PLAN, "constant_batch", name="ours")
    named = written(added, f"pilot.schedules[{len(names(added)) - 1}].name", "today")
    renamed = written(named, "pilot.schedules[0].name", PILOT.baseline.name)
    plan = with_workload(renamed, "mnist1d-mlp", growing=GROWING)
    assert len(set(names(plan))) == len(names(plan))


def test_one_may_leave_what_stayed():
    added = with_preset(PLAN, "constant_batch", name="ours")
    kept = with_workload(added, "mnist1d-mlp", growing=GROWING)
    suited = with_suited_schedules(kept, growing=GROWING)
    assert names(suited) == ["today", GROWING]
    assert kept_schedules(suited) == []
    assert suited["pilot"] == with_workload(PLAN, "mnist1d-mlp", growing=GROWING)["pilot"]


def test_a_draft_that_does_not_know_what_it_was_given_keeps_all_its_schedules():
    old = {name: value for name, value in PLAN.items() if name != "given_schedules"}
    plan = with_workload(old, "mnist1d-mlp", growing=GROWING)
    assert names(plan) == names(PLAN)
    assert kept_schedules(plan) == names(PLAN)


def test_a_setting_that_no_run_was_seen_to_reach_its_target_with_is_told_apart():
    names = ("digits-mlp", "cifar10-resnet18", "a plug-in's own")
    assert [is_only_estimated(name) for name in names] == [False, True, False]
