from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.money import Money
from planner.pilots.pilot import (
    Budget,
    Caps,
    EvaluationPlan,
    HardwareChoice,
    Pilot,
    Quality,
    Seeds,
    Target,
    check_workload,
    runs_of_confirmation,
    runs_of_selection,
)
from planner.pilots.workload import BUILT_IN
from planner.refusal import Refusal
from planner.reviews.selection import selection_without_sweep
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateWarmUp
from planner.schedules.schedule import Role, Schedule


def a_schedule(name: str, role: Role = "candidate", warm_up_epochs: int | None = None) -> Schedule:
    warm_up = None if warm_up_epochs is None else RateWarmUp(maximum=0.1, epochs=warm_up_epochs)
    return Schedule(
        name=name,
        role=role,
        learning_rate=LearningRate(initial=0.01, warm_up=warm_up),
        batch_size=BatchSize(initial=8),
    )


TODAY = a_schedule("today", "baseline")
GROWING = a_schedule("growing")
TARGET = Target(metric="validation_loss", value=0.15, direction="below")


def a_pilot(**changes: Any) -> Pilot:
    fields: dict[str, Any] = {
        "name": "Digits",
        "workload": "digits-mlp",
        "target": TARGET,
        "budget": Budget(epochs=30),
        "seeds": Seeds(confirmation=(11, 12, 13), selection=(1, 2)),
        "rate_multipliers": (0.5, 1.0, 2.0),
        "schedules": (TODAY, GROWING),
    }
    return Pilot(**(fields | changes))


def refusal_of(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as refusal:
        make()
    return refusal.value.field, refusal.value.code


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": "  "}, "name", "empty"),
        ({"name": "x" * 201}, "name", "too_long"),
        ({"workload": ""}, "workload", "empty"),
        ({"looks": 0}, "looks", "looks_out_of_range"),
        ({"looks": 4}, "looks", "looks_out_of_range"),
        ({"rate_multipliers": ()}, "rate_multipliers", "rate_multiplier_one_missing"),
        ({"rate_multipliers": (0.5, 2)}, "rate_multipliers", "rate_multiplier_one_missing"),
        ({"rate_multipliers": (1, 2, 2)}, "rate_multipliers[2]", "rate_multiplier_repeated"),
        ({"rate_multipliers": (1, 0)}, "rate_multipliers[1]", "not_positive"),
        ({"rate_multipliers": (1, float("nan"))}, "rate_multipliers[1]", "not_finite"),
        (
            {"rate_multipliers": tuple(range(1, 18))},
            "rate_multipliers",
            "too_many_rate_multipliers",
        ),
        ({"schedules": (GROWING,)}, "schedules", "baseline_missing"),
        ({"schedules": (TODAY,)}, "schedules", "candidate_missing"),
        (
            {"schedules": (TODAY, GROWING, a_schedule("too", "baseline"))},
            "schedules",
            "several_baselines",
        ),
        (
            {"schedules": (TODAY, a_schedule("today"))},
            "schedules[1].name",
            "schedule_name_repeated",
        ),
        (
            {"schedules": (TODAY, *(a_schedule(f"c{i}") for i in range(16)))},
            "schedules",
            "too_many_schedules",
        ),
        (
            {"schedules": (TODAY, a_schedule("warm", warm_up_epochs=31))},
            "schedules[1].learning_rate.warm_up.epochs",
            "warm_up_longer_than_run",
        ),
        (
            {"evaluation": EvaluationPlan(every="31ep")},
            "evaluation.every",
            "evaluation_after_the_end",
        ),
        (
            {
                "evaluation": EvaluationPlan(every="15ep"),
                "target": replace(TARGET, sustained_evaluations=4),
            },
            "target.sustained_evaluations",
            "too_few_evaluations",
        ),
        (
            {"seeds": Seeds(confirmation=(11,))},
            "seeds.selection",
            "selection_seeds_missing_for_rates",
        ),
        (
            {
                "seeds": Seeds(confirmation=(11,)),
                "rate_multipliers": (1.0,),
                "schedules": (TODAY, *(a_schedule(name) for name in "abc")),
            },
            "seeds.selection",
            "selection_seeds_missing_for_candidates",
        ),
    ],
)
def test_a_pilot_that_could_not_be_compared_is_refused_at_its_field(
    changes: dict[str, object], field: str, code: str
):
    assert refusal_of(lambda: a_pilot(**changes)) == (field, code)


@pytest.mark.parametrize(
    ("make", "field", "code"),
    [
        (lambda: Budget(epochs=0), "epochs", "below_minimum"),
        (lambda: Budget(epochs=10_001), "epochs", "above_maximum"),
        (lambda: EvaluationPlan(every="often"), "every", "position_not_readable"),
        (lambda: Caps(pilot_device_h=0.0), "pilot_device_h", "not_positive"),
        (lambda: Caps(pilot_device_h=float("nan")), "pilot_device_h", "not_finite"),
        (lambda: HardwareChoice(device_count=0), "device_count", "below_minimum"),
        (lambda: HardwareChoice(profile=""), "profile", "empty"),
        (
            lambda: HardwareChoice(rent_per_gpu_hour=Money(amount=-1.0, currency="USD")),
            "rent_per_gpu_hour.amount",
            "negative",
        ),
    ],
)
def test_a_part_of_a_pilot_refuses_its_own_nonsense(
    make: Callable[[], object], field: str, code: str
):
    assert refusal_of(make) == (field, code)


def test_a_warm_up_as_long_as_the_run_is_accepted():
    assert a_pilot(schedules=(TODAY, a_schedule("warm", warm_up_epochs=30))).candidates


def test_a_workload_that_nobody_knows_is_refused_only_when_asked():
    pilot = a_pilot(workload="ours")
    assert refusal_of(lambda: check_workload(pilot, BUILT_IN)) == ("workload", "workload_unknown")
    check_workload(pilot, {"ours": replace(BUILT_IN["digits-mlp"], name="ours")})


def test_a_target_that_the_workload_never_evaluates_is_refused():
    without = replace(BUILT_IN["digits-mlp"], metrics=("train_loss",))
    assert refusal_of(lambda: check_workload(a_pilot(), {"digits-mlp": without})) == (
        "target.metric",
        "target_never_evaluated",
    )
    only_target = replace(without, metrics=("validation_loss",))
    gated = a_pilot(quality=Quality(metric="validation_accuracy", tolerance=0.01))
    assert refusal_of(lambda: check_workload(gated, {"digits-mlp": only_target})) == (
        "quality.metric",
        "quality_never_evaluated",
    )


def test_a_workloads_own_metric_is_raced_in_the_direction_in_which_it_improves():
    ours = replace(
        BUILT_IN["digits-mlp"],
        metrics=("validation_loss", "validation_f1"),
        directions={"validation_f1": "above"},
    )
    upwards = replace(TARGET, metric="validation_f1", direction="above")
    check_workload(a_pilot(target=upwards), {"digits-mlp": ours})
    downwards = a_pilot(target=replace(upwards, direction="below"))
    assert refusal_of(lambda: check_workload(downwards, {"digits-mlp": ours})) == (
        "target.direction",
        "wrong_direction",
    )
    gated = a_pilot(quality=Quality(metric="validation_f1", tolerance=0.01, direction="below"))
    assert refusal_of(lambda: check_workload(gated, {"digits-mlp": ours})) == (
        "quality.direction",
        "wrong_direction",
    )


def test_evaluations_counted_in_steps_are_checked_against_the_data():
    """1,078 samples at batch 8 are 135 steps an epoch: one evaluation before, one after."""
    pilot = a_pilot(
        evaluation=EvaluationPlan(every="200ba"),
        budget=Budget(epochs=1),
        target=replace(TARGET, sustained_evaluations=3),
    )
    assert refusal_of(lambda: check_workload(pilot, BUILT_IN)) == (
        "target.sustained_evaluations",
        "too_few_evaluations",
    )
    check_workload(replace(pilot, evaluation=EvaluationPlan(every="100ba")), BUILT_IN)


def test_the_selection_tries_every_schedule_at_every_rate_seed_by_seed():
    runs = runs_of_selection(a_pilot())
    assert len(runs) == 2 * 3 * 2
    assert [run.seed for run in runs] == [1] * 6 + [2] * 6
    assert {run.purpose for run in runs} == {"selection"}
    assert [(run.schedule, run.rate_multiplier) for run in runs[:6]] == [
        ("today", 0.5),
        ("growing", 0.5),
        ("today", 1.0),
        ("growing", 1.0),
        ("today", 2.0),
        ("growing", 2.0),
    ]


def test_one_rate_and_two_candidates_leave_nothing_to_select():
    pilot = a_pilot(rate_multipliers=(1.0,), schedules=(TODAY, a_schedule("a"), a_schedule("b")))
    assert not pilot.needs_selection
    assert runs_of_selection(pilot) == ()
    selection = selection_without_sweep(pilot)
    assert selection.selected == {"today": 1.0, "a": 1.0, "b": 1.0}
    assert selection.finalists == ("a", "b")


def test_three_candidates_at_one_rate_are_selected_from():
    pilot = a_pilot(
        rate_multipliers=(1.0,), schedules=(TODAY, *(a_schedule(name) for name in "abc"))
    )
    assert len(runs_of_selection(pilot)) == 2 * 1 * 4


def test_an_exploratory_pilot_runs_its_selection_seeds_and_confirms_nothing():
    pilot = a_pilot(seeds=Seeds(confirmation=(), selection=(1,)), rate_multipliers=(1.0,))
    assert len(runs_of_selection(pilot)) == 2
    assert runs_of_confirmation(pilot, {"today": 1.0, "growing": 1.0}, ["growing"]) == ()


def test_the_confirmation_completes_a_pair_before_the_next_seed():
    runs = runs_of_confirmation(a_pilot(), {"today": 2.0, "growing": 0.5}, ["growing"])
    assert [(run.seed, run.schedule, run.rate_multiplier) for run in runs] == [
        (seed, schedule, multiplier)
        for seed in (11, 12, 13)
        for schedule, multiplier in (("today", 2.0), ("growing", 0.5))
    ]
    assert {run.purpose for run in runs} == {"confirmation"}


def test_a_finalist_without_a_selected_rate_is_refused():
    assert refusal_of(lambda: runs_of_confirmation(a_pilot(), {"today": 1.0}, ["growing"])) == (
        "selected",
        "schedule_not_selected",
    )


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([0.25, 0.5, 2.0, 4.0]), unique=True, min_size=1),
    st.sets(st.integers(0, 99), min_size=1, max_size=5),
    st.integers(1, 5),
)
def test_every_schedule_gets_the_same_number_of_selection_runs(
    multipliers: list[float], seeds: set[int], candidates: int
):
    pilot = a_pilot(
        rate_multipliers=(1.0, *multipliers),
        seeds=Seeds(confirmation=(100,), selection=tuple(seeds)),
        schedules=(TODAY, *(a_schedule(f"c{i}") for i in range(candidates))),
    )
    runs = runs_of_selection(pilot)
    assert len(set(runs)) == len(runs)
    counts = Counter(run.schedule for run in runs)
    assert set(counts.values()) == {(1 + len(multipliers)) * len(seeds)}
    assert set(counts) == {schedule.name for schedule in pilot.schedules}
