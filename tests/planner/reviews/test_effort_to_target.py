"""Without a time: steps, samples and epochs to the target, seed by seed, none of it dropped."""

from dataclasses import replace

import pytest

from planner.imports.logged_run import LoggedRun
from planner.reviews.effort_to_target import EffortToTarget, ScheduleEffort, effort_to_target
from tests.support.logged_runs import a_logged_run, evidence_of, known_pilot, known_runs


def effort_of(runs: list[LoggedRun]) -> EffortToTarget:
    """The times are there, and nothing of what follows may use them."""
    evidence = evidence_of(known_pilot(runs))
    assert evidence.workload is not None
    return effort_to_target(evidence.pilot, evidence.workload, evidence.records)


def candidate(found: EffortToTarget) -> ScheduleEffort:
    return next(one for one in found.schedules if one.schedule == "growing")


def crossing_at(schedule: str, seed: int, row: int, *, batch_size: float) -> LoggedRun:
    """Reaches 0.5 exactly at one of its rows, which are ten steps apart."""
    losses = [1.0] * row + [0.5, 0.4]
    return a_logged_run(schedule, seed, losses=losses, every_s=1.0, batch_size=batch_size)


def test_a_run_is_told_by_steps_samples_and_epochs():
    found = effort_of(known_runs())
    told = {(run.schedule, run.seed): run.effort for run in found.runs}
    assert set(told) == {(name, seed) for name in ("today", "growing") for seed in (1, 2, 3)}
    growing = told["growing", 2]
    assert growing is not None
    # Row four is step 30; 30 steps of 200 samples are six epochs of 1,000.
    assert growing.steps_to_target == pytest.approx(30)
    assert growing.samples_to_target == pytest.approx(30 * 200)
    assert growing.epochs_to_target == pytest.approx(30 * 200 / 1000)


def test_a_candidate_is_compared_with_today_seed_by_seed():
    runs = [crossing_at("today", seed, 4, batch_size=100) for seed in (1, 2, 3)]
    runs += [
        crossing_at("growing", seed, row, batch_size=200) for seed, row in ((1, 2), (2, 2), (3, 2))
    ]
    one = candidate(effort_of(runs))
    assert (one.pairs, one.censored_pairs) == (3, 0)
    assert one.steps_ratio is not None
    assert one.samples_ratio is not None
    assert one.steps_ratio.mid == pytest.approx(20 / 40)
    assert one.samples_ratio.mid == pytest.approx(20 * 200 / (40 * 100))


def test_the_ratio_has_the_interval_of_its_pairs():
    runs = [crossing_at("today", seed, 4, batch_size=100) for seed in (1, 2, 3)]
    runs += [crossing_at("growing", seed, seed, batch_size=200) for seed in (1, 2, 3)]
    ratio = candidate(effort_of(runs)).steps_ratio
    assert ratio is not None
    assert ratio.mid == pytest.approx((1 / 4 * 2 / 4 * 3 / 4) ** (1 / 3))
    assert ratio.low < ratio.mid < ratio.high


def test_two_pairs_claim_nothing():
    runs = [run for run in known_runs() if run.seed != 3]
    one = candidate(effort_of(runs))
    assert (one.pairs, one.steps_ratio, one.samples_ratio) == (2, None, None)


def test_a_run_that_never_arrived_is_kept_and_forbids_the_ratio():
    runs = known_runs()
    never = a_logged_run("growing", 4, losses=[2.0, 1.5, 1.2], every_s=1.0, batch_size=200)
    lost = a_logged_run("growing", 5, losses=[2.0, float("nan")], every_s=1.0, batch_size=200)
    today = [a_logged_run("today", seed, losses=[2.0, 0.5], every_s=1.0) for seed in (4, 5)]
    found = effort_of([*runs, never, lost, *today])
    one = candidate(found)
    assert (one.runs, one.reached, one.longest_steps) == (5, 3, 40)
    assert (one.pairs, one.censored_pairs, one.steps_ratio) == (5, 2, None)
    ends = {run.seed: (run.status, run.effort, run.last_step) for run in found.runs[5:]}
    assert ends[4] == ("succeeded", None, 20)
    assert ends[5][:2] == ("diverged", None)


def test_a_median_counts_runs_that_never_arrived_as_longer_than_any_other():
    never = [
        a_logged_run("growing", seed, losses=[2.0, 1.5], every_s=1.0, batch_size=200)
        for seed in (8, 9, 10, 11)
    ]
    of_three_and_two = candidate(effort_of([*known_runs(), *never[:2]])).median
    assert of_three_and_two is not None
    assert of_three_and_two.steps_to_target == pytest.approx(30)
    assert candidate(effort_of([*known_runs(), *never])).median is None


def test_seconds_play_no_part():
    slow = [replace(run, elapsed_s=run.elapsed_s * 100) for run in known_runs()]
    assert effort_of(slow) == effort_of(known_runs())


def test_runs_without_a_time_are_counted():
    evidence = evidence_of(known_pilot())
    assert evidence.workload is not None
    first, *others = evidence.records
    untimed = replace(
        first, measurements=tuple(replace(one, elapsed_s=None) for one in first.measurements)
    )
    found = effort_to_target(evidence.pilot, evidence.workload, (untimed, *others))
    assert found.runs_without_time == 1
    assert len(found.runs) == 6
