"""P12: a run that diverges is rolled back, twice at most, and disturbs none beside it."""

import dataclasses
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from planner.exchange.work import ClaimedRun
from planner.pilots.divergence import Divergence
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.faults.conftest import Often, PromiseOf
from tests.worker.builders import a_claimed_run, attempt, attempts, points
from tests.worker.resuming import Few
from tests.worker.wild_runs import by_attempt, finish_of, live_points, rollbacks_in
from worker.spool import Report
from worker.workloads.contract import TrainingWorkload
from worker.workloads.digits_mlp import DigitsMlp

pytestmark = pytest.mark.faults

SAMPLES, EPOCHS = 320, 8
STAGE = 4 * 20
STEPS = STAGE + 4 * 10
"""Four epochs of 320 samples at a batch of 16, then four at 32. The average of the losses is judged
from step 61 on; a loss that is not finite, at once."""

FACTORS = {"NaN": math.nan, "a million times the inputs": 1e6}


class Spoilt(Few):
    """Spoils the samples of some training steps, as a bad batch or an overflow does.

    Args:
        at: Micro-batch, among all that are trained, from which on they are spoilt.
        times: How many of them are.
    """

    def __init__(
        self, workload: TrainingWorkload, *, factor: float, at: int, times: float = 1
    ) -> None:
        super().__init__(workload, training=SAMPLES)
        self._factor, self._at, self._left = factor, at, times

    @property
    def augmentation(self) -> Callable[[Tensor, torch.Generator], Tensor]:
        """Called for the micro-batches of training steps and for nothing else."""

        def spoil(inputs: Tensor, generator: torch.Generator) -> Tensor:  # noqa: ARG001
            self._at -= 1
            if self._at >= 0 or self._left <= 0:
                return inputs
            self._left -= 1
            return inputs * self._factor

        return spoil


def a_run(**changes: Any) -> ClaimedRun:
    schedule = Schedule(
        name="growing batch",
        learning_rate=LearningRate(initial=0.02),
        batch_size=BatchSize(initial=16, growth=2, every_epochs=4, maximum=32),
    )
    given = {"schedule": schedule, "epochs": EPOCHS, "divergence": Divergence(policy="roll_back")}
    return a_claimed_run(**(given | changes))


@pytest.mark.parametrize("kind", FACTORS)
def test_one_bad_step_costs_one_rollback_and_the_run_comes_to_its_end(
    kind: str, tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    for number in range(often(whole=30, short=6)):
        at = rng.randrange(1, STEPS)
        workload = Spoilt(DigitsMlp(), factor=FACTORS[kind], at=at)
        reports = attempt(a_run(), tmp_path / str(number), workload=workload)
        (back,) = rollbacks_in(reports)
        assert back.to_step == (STAGE if at >= STAGE else 0)
        assert back.to_step < back.at_step
        assert back.rate_factor == 0.5
        finish = finish_of(reports)
        assert (finish.outcome, finish.step) == ("succeeded", STEPS), at
        assert all(math.isfinite(value) for value in finish.final_metrics.values())
        live = live_points(by_attempt(reports), "train")
        assert sorted(live) == list(range(1, STEPS + 1))
        promise("P12").add(bad_steps=1, rollbacks=1, runs_lost=0)


@pytest.mark.parametrize("kind", FACTORS)
def test_a_run_that_nothing_saves_is_given_two_more_tries_and_has_then_diverged(
    kind: str, tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    for number in range(often(whole=10, short=2)):
        at = rng.randrange(STAGE, STEPS)
        workload = Spoilt(DigitsMlp(), factor=FACTORS[kind], at=at, times=math.inf)
        reports = attempt(a_run(), tmp_path / str(number), workload=workload)
        assert [back.rate_factor for back in rollbacks_in(reports)] == [0.5, 0.25]
        finish = finish_of(reports)
        assert (finish.outcome, finish.reason) == ("diverged", "diverged_after_rollbacks")
        assert finish.step <= STEPS
        promise("P12").add(bad_steps=3, rollbacks=2, diverged=1)


def test_a_member_that_diverges_leaves_the_others_of_its_bundle_as_they_are_without_it(
    tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    """Its rate is 10^4 to 10^30 times theirs: it diverges at step 61, or in one of its first.

    What a bundle of three computes and one of two may differ in the last bit.
    """
    for number in range(often(whole=6, short=2)):
        runs = [a_run(run_id=f"run-{seed}", seed=seed) for seed in (11, 12, 13)]
        wild = rng.randrange(3)
        runs[wild] = dataclasses.replace(runs[wild], rate_multiplier=10 ** rng.uniform(4, 30))
        here = tmp_path / str(number)
        workload = Few(DigitsMlp(), training=SAMPLES)
        told = attempts(runs, here / "all", execution="batched", workload=workload)
        others = [run for run in runs if run is not runs[wild]]
        without = attempts(others, here / "others", execution="batched", workload=workload)
        assert rollbacks_in(told[wild])
        assert finish_of(told[wild]).outcome in ("released", "diverged")
        for ours, theirs in zip(told[:wild] + told[wild + 1 :], without, strict=True):
            assert (finish_of(ours).outcome, finish_of(ours).step) == ("succeeded", STEPS)
            assert rollbacks_in(ours) == []
            assert_alike(ours, theirs)
        promise("P12").add(bundles=1, members_disturbed=0)


def assert_alike(ours: list[Report], theirs: list[Report]) -> None:
    for group in ("train", "evaluation"):
        mine, others = points(ours, group), points(theirs, group)
        assert list(mine) == list(others)
        for step, values in others.items():
            assert mine[step] == pytest.approx(values, rel=1e-4), (group, step)
