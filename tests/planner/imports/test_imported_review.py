"""Runs that were logged elsewhere are reviewed from their own seconds."""

import math
from dataclasses import replace

import numpy as np
import pytest

from backend.services.reviews import review_of
from planner.economics.assumptions import Production
from planner.pilots.pilot import HardwareChoice
from planner.refusal import Refusal
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.support.logged_runs import (
    TARGET,
    a_logged_run,
    constant,
    evidence_of,
    known_pilot,
    known_runs,
)
from wording.basis import imported_sentence


def review(runs=None, request=None, **changes) -> Review:
    evidence = evidence_of(known_pilot(runs, **changes))
    asked = request or {}
    return review_of(evidence, ReviewRequest(evidence=evidence, **asked), look=1)


def of(found: Review, schedule: str):
    return next(one for one in found.schedules if one.schedule == schedule)


def test_time_to_target_is_what_was_logged():
    found = review()
    # The loss is 0.5 at the fourth evaluation: three intervals of 101, 102 and 103 s.
    times = {race.seed: race.crossing.time_s for race in found.races if race.schedule == "today"}
    assert times == pytest.approx({1: 3 * 101.0, 2: 3 * 102.0, 3: 3 * 103.0})
    assert of(found, "today").measured.mean_time_to_target_s == pytest.approx(3 * 102.0)
    assert of(found, "growing").measured.mean_time_to_target_s == pytest.approx(3 * 52.0)


def test_time_between_two_evaluations_follows_the_loss():
    runs = known_runs()
    runs[0] = a_logged_run("today", 1, losses=[2.0, 1.0, 0.25, 0.2], every_s=100.0)
    crossing = next(race.crossing for race in review(runs).races if race.run_id == "today 1")
    # From 1.0 to 0.25 the loss falls by log 4; 0.5 is half of the way, so 1.5 intervals.
    share = math.log(1.0 / 0.5) / math.log(1.0 / 0.25)
    assert crossing.time_s == pytest.approx((1 + share) * 100.0)


def test_evaluations_of_the_other_metric_are_no_misses_of_the_target():
    runs = known_runs()
    told = a_logged_run("today", 1, losses=[2.0, 9, 1.0, 9, 0.4, 9, 0.3], every_s=50.0)
    loss, accuracy = told.metrics["validation_loss"], told.metrics["validation_accuracy"]
    even = np.arange(7) % 2 == 0
    runs[0] = replace(
        told,
        metrics={
            "validation_loss": np.where(even, loss, math.nan),
            "validation_accuracy": np.where(even, math.nan, accuracy),
        },
    )
    found = review(runs, target=replace(TARGET, sustained_evaluations=2))
    crossing = next(race.crossing for race in found.races if race.run_id == "today 1")
    # From 1.0 after 100 s to 0.4 after 200 s; the next one, 0.3, holds as well.
    share = math.log(1.0 / 0.5) / math.log(1.0 / 0.4)
    assert crossing.time_s == pytest.approx(100 + 100 * share)


def test_the_bill_is_of_every_device_that_trained():
    found = review()
    # Each run trained to its fifth evaluation: 4 x (101 + 102 + 103) and 4 x (51 + 52 + 53) s.
    trained_s = 4 * (101 + 102 + 103) + 4 * (51 + 52 + 53)
    assert found.pilot_device_h == pytest.approx(4 * trained_s / 3600)


def test_money_is_of_the_logged_devices_at_their_price():
    found = review()
    today = of(found, "today").training
    # 306 s on average, four devices at 2 USD an hour.
    assert today.cost.amount == pytest.approx(306 / 3600 * 4 * 2.0)
    assert of(found, "growing").case is not None


def test_evaluations_that_were_logged_apart_are_paid_for_and_no_part_of_the_race():
    found = review(evaluations_included=False, evaluation_s=10.0)
    today = of(found, "today")
    assert today.measured.mean_time_to_target_s == pytest.approx(306.0)
    # Four evaluations up to the target, the one before training included.
    assert today.training.cost.amount == pytest.approx((306 + 4 * 10) / 3600 * 4 * 2.0)


def told_apart(run, *, later=()):
    """The same run with its metrics a row each, as where a tracker counts up with every log.

    ``later`` says at which of its evaluations the accuracy was logged, one step after the loss.
    """
    steps = np.sort(np.concatenate([run.steps, run.steps[list(later)] + 1]))
    of_loss = np.isin(steps, run.steps)
    place = np.searchsorted(run.steps, steps, side="right") - 1
    loss, accuracy = run.metrics["validation_loss"], run.metrics["validation_accuracy"]
    return replace(
        run,
        steps=steps,
        elapsed_s=run.elapsed_s[place],
        learning_rate=run.learning_rate[place],
        batch_size=run.batch_size[place],
        momentum=run.momentum[place],
        metrics={
            "validation_loss": np.where(of_loss, loss[place], math.nan),
            "validation_accuracy": np.where(of_loss, math.nan, accuracy[place]),
        },
    )


def test_an_evaluation_that_was_logged_in_two_rows_is_paid_for_once():
    runs = [told_apart(run, later=range(5)) for run in known_runs()]
    found = review(runs, evaluations_included=False, evaluation_s=10.0)
    # As if both metrics stood in one row: four evaluations up to the target, five in all.
    today = of(found, "today").training
    assert today.cost.amount == pytest.approx((306 + 4 * 10) / 3600 * 4 * 2.0)
    trained_s = 4 * (101 + 102 + 103) + 4 * (51 + 52 + 53)
    assert found.pilot_device_h == pytest.approx(4 * (trained_s + 6 * 5 * 10) / 3600)


def test_the_loss_of_training_is_no_evaluation_where_something_else_is_evaluated():
    runs = []
    for run in known_runs():
        loss, accuracy = run.metrics["validation_loss"], run.metrics["validation_accuracy"]
        seldom = np.where(np.isin(np.arange(5), (0, 4)), accuracy, math.nan)
        runs.append(replace(run, metrics={"train_loss": loss, "validation_accuracy": seldom}))
    target = replace(TARGET, metric="train_loss")
    found = review(runs, target=target, evaluations_included=False, evaluation_s=10.0)
    # Of five rows that say the loss of training, two say the accuracy of an evaluation.
    trained_s = 4 * (101 + 102 + 103) + 4 * (51 + 52 + 53)
    assert found.pilot_device_h == pytest.approx(4 * (trained_s + 6 * 2 * 10) / 3600)


def without_times(run, *rows):
    """The same run where some of its rows say no time."""
    said = np.array([row not in rows for row in range(len(run.steps))])
    return replace(run, elapsed_s=np.where(said, run.elapsed_s, math.nan))


def test_evaluations_before_the_first_time_are_left_out_and_counted():
    runs = known_runs()
    runs[0] = without_times(runs[0], 0, 1)
    found = review(runs)
    crossing = next(race.crossing for race in found.races if race.run_id == "today 1")
    assert crossing.time_s == pytest.approx(3 * 101.0)
    assert found.imported.evaluations_left_out == 2
    for language, said in (("en", "2 evaluations before the first"), ("ja", "評価2件は除外")):
        assert said in imported_sentence(found.imported, language)
    assert review().imported.evaluations_left_out == 0


@pytest.mark.parametrize(("rows", "step"), [((4,), 40), ((2, 4), 40), ((0, 1, 2, 3), 0)])
def test_an_evaluation_that_may_have_decided_and_has_no_time_is_refused(rows, step):
    runs = known_runs()
    runs[0] = without_times(runs[0], *rows)
    if step == 0:  # what is left says a time and evaluates nothing
        only = {name: values.copy() for name, values in runs[0].metrics.items()}
        for values in only.values():
            values[4] = math.nan
        runs[0] = replace(runs[0], metrics=only)
    with pytest.raises(Refusal) as refused:
        known_pilot(runs)
    assert (refused.value.field, refused.value.code) == (
        "runs.today 1",
        "import_evaluation_untimed",
    )
    assert refused.value.params["step"] == step


def test_runs_that_diverged_failed_or_never_arrived_stay_and_are_counted():
    runs = known_runs()
    runs.append(a_logged_run("today", 4, losses=[2.0, 1.0, math.nan], every_s=100.0))
    runs.append(a_logged_run("today", 5, losses=[2.0, 0.4], every_s=100.0, ended="failed"))
    runs.append(a_logged_run("today", 6, losses=[2.0, 1.0, 0.9, 0.8, 0.7], every_s=100.0))
    found = review(runs)
    measured = of(found, "today").measured
    assert (measured.runs, measured.reached) == (6, 3)
    statuses = {race.seed: race.status for race in found.races if race.schedule == "today"}
    assert [statuses[seed] for seed in (4, 5, 6)] == ["diverged", "cancelled", "succeeded"]
    # Censored at the longest run of the schedule: the mean of the four that went through it.
    mean_s = 4 * (101 + 102 + 103 + 100) / 4
    assert measured.budget_s == pytest.approx(mean_s, rel=0.02)


def test_everything_that_was_measured_says_that_it_was_imported():
    found = review()
    origins = {one.origin for said in found.provenances for one in said.ingredients}
    assert "imported" in origins
    assert "measured" not in origins
    assert found.imported is not None
    assert found.imported.file_name == "runs.csv"
    clock = next(chart.x.label for chart in found.charts if chart.key == "convergence")
    assert clock == "logged_time"


def test_no_time_is_said_of_devices_that_nothing_was_logged_on():
    other = HardwareChoice(profile="h100-sxm-runpod-secure")
    assert review(request={"hardware": other}).unavailable == "throughput_unknown"


def test_no_time_is_said_of_another_number_of_devices():
    found = known_pilot()
    more = HardwareChoice(device_count=8, rent_per_gpu_hour=found.pilot.hardware.rent_per_gpu_hour)
    assert review(request={"hardware": more}).unavailable == "other_device_count"


PRODUCTION = Production(training_h=10, device_count=4, batch_size=400)


def test_two_logged_batch_sizes_carry_a_pilot_to_its_production():
    assert review(production=PRODUCTION).unavailable is None


def test_one_logged_batch_size_says_nothing_of_another():
    runs = [
        a_logged_run(name, seed, losses=[2.0, 1.0, 0.5, 0.4], every_s=100.0)
        for name in ("today", "growing")
        for seed in (1, 2, 3)
    ]
    alike = {name: constant(name, 100) for name in ("today", "growing")}
    found = review(runs, production=PRODUCTION, inferred=alike)
    assert found.unavailable == "one_batch_size_logged"
    stated = replace(PRODUCTION, half_saturation_batch_size_per_device=10.0)
    assert review(runs, production=stated, inferred=alike).unavailable is None


def test_runs_without_a_seed_are_paired_only_when_somebody_says_so():
    runs = [
        a_logged_run(name, None, losses=[2.0, 0.4], every_s=10.0) for name in ("today", "growing")
    ]
    with pytest.raises(Refusal) as refused:
        known_pilot(runs)
    assert (refused.value.field, refused.value.code) == ("seeds_in_order", "import_seed_missing")
    assert [run.seed for run in known_pilot(runs, seeds_in_order=True).runs] == [1, 1]
