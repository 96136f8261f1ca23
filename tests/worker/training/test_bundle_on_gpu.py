"""Bundles on a GPU; `pytest -m gpu` on a machine that has one."""

import pytest
import torch

from planner.devices.throughput import Execution
from tests.worker.training.test_bundled_learner import CHAINS, MEMBERS, orders, relative_distance
from worker.probing.bundle_probe import bundle_speeds
from worker.training.bundled_evaluation import BundledEvaluator
from worker.training.bundled_learner import BundledLearner, possible_executions
from worker.training.evaluation import Evaluator
from worker.training.learner import Learner

pytestmark = pytest.mark.gpu

STEP = {"micro_batches": (5, 5), "beta": 0.9, "kept": 0.9}


def a_learner(seed: int) -> Learner:
    inputs, labels = CHAINS["relu"].samples()
    return Learner(
        CHAINS["relu"],
        (inputs.to("cuda"), labels.to("cuda")),
        weights_seed=seed,
        augmentation_seed=0,
        momentum_form="heavy_ball",
    )


@pytest.mark.parametrize("execution", ["batched", "mapped"])
def test_members_take_the_steps_that_they_take_alone(execution: Execution) -> None:
    alone, together = ([a_learner(seed) for seed in range(MEMBERS)] for _ in range(2))
    assert execution in possible_executions(alone[0])
    bundled = BundledLearner(together, execution)
    for begin in range(0, 40, 10):
        indices = orders()[:, begin : begin + 10].to("cuda")
        (batch,) = bundled.batches(indices, steps=1)
        bundled.step(batch, rates=torch.full((MEMBERS, 1), 0.1, device="cuda"), **STEP)
        for row, learner in enumerate(alone):
            learner.step(indices[row], rate=0.1, **STEP)
    for one, other in zip(alone, together, strict=True):
        assert relative_distance(other.parameters, one.parameters) < 1e-5


@pytest.mark.parametrize("execution", ["batched", "mapped"])
def test_members_have_the_metrics_that_they_have_alone(execution: Execution) -> None:
    members = [a_learner(seed) for seed in range(MEMBERS)]
    splits = dict.fromkeys(("training", "validation"), members[0].training)
    evaluators = [Evaluator(CHAINS["relu"], splits, one, plan=None) for one in members]
    alone = [evaluator.metrics() for evaluator in evaluators]
    together = BundledEvaluator(evaluators[0], BundledLearner(members, execution)).metrics()
    for ours, theirs in zip(together, alone, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-5)


def test_the_probe_times_both_ways() -> None:
    speeds = bundle_speeds(a_learner(0), a_learner, asked_to_leave=lambda: False)
    assert {speed.execution for speed in speeds} == {"batched", "mapped"}
