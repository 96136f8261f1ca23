"""Members evaluated in one pass: each has the metrics that it has alone."""

import pytest
import torch
from torch import Tensor, nn

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import Execution
from tests.worker.training.test_bundled_learner import CHAINS, Small, Squared, chain, learners
from worker.training.bundled_evaluation import BundledEvaluator
from worker.training.bundled_learner import BundledLearner, possible_executions
from worker.training.evaluation import Evaluator

EXECUTIONS: tuple[Execution, ...] = ("batched", "mapped")


def compare(
    workload: Small, execution: Execution, *, plan: MicroBatchPlan | None = None
) -> list[dict[str, float]]:
    """The metrics of a bundle's members are those that each has alone; these."""
    inputs, labels = workload.samples()
    splits = {"training": (inputs, labels), "validation": (inputs[:11] * 2, labels[:11])}
    members = learners(workload)
    evaluators = [Evaluator(workload, splits, learner, plan=plan) for learner in members]
    alone = [evaluator.metrics() for evaluator in evaluators]
    together = BundledEvaluator(evaluators[0], BundledLearner(members, execution)).metrics()
    for ours, theirs in zip(together, alone, strict=True):
        assert list(ours) == list(theirs)
        assert ours == pytest.approx(theirs, rel=1e-6)
    return together


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("name", CHAINS)
def test_members_of_any_chain_have_the_metrics_that_they_have_alone(
    name: str, execution: Execution
) -> None:
    metrics = compare(CHAINS[name], execution)
    assert list(metrics[0]) == [
        "train_loss",
        "validation_loss",
        "validation_accuracy",
        "full_gradient_norm",
    ]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_with_a_loss_of_the_workloads_own(execution: Execution) -> None:
    compare(Squared(lambda: chain(nn.Tanh())), execution)


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_no_more_items_at_once_than_a_step_holds(execution: Execution) -> None:
    compare(CHAINS["relu"], execution, plan=MicroBatchPlan(largest_micro_batch_size=7))


def test_labels_that_cross_entropy_leaves_out_count_for_nothing_here_either() -> None:
    class PartlyLabelled(Small):
        """Its validation labels are not all known; those of the training are."""

        def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
            return nn.functional.cross_entropy(outputs, labels, reduction="sum")

    workload = PartlyLabelled(lambda: chain(nn.ReLU()))
    inputs, labels = workload.samples()
    unknown = labels.clone()
    unknown[::3] = -100
    members = learners(workload)
    splits = {"training": (inputs, labels), "validation": (inputs, unknown)}
    evaluators = [Evaluator(workload, splits, learner, plan=None) for learner in members]
    alone = [evaluator.metrics() for evaluator in evaluators]
    bundled = BundledEvaluator(evaluators[0], BundledLearner(members, "batched"))
    for ours, theirs in zip(bundled.metrics(), alone, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-6)


class Aside(nn.Module):
    """Says something in evaluation that no bundle can say for several members at once."""

    def __init__(self) -> None:
        super().__init__()
        self.model = chain(nn.ReLU())

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.model(inputs)
        if not self.training and bool((outputs > 1e9).any()):
            raise ValueError("diverged")
        return outputs


def test_a_model_that_cannot_be_evaluated_together_is_not_bundled() -> None:
    assert possible_executions(learners(Small(Aside))[0]) == ()


def test_the_models_are_left_in_training_mode() -> None:
    members = learners(CHAINS["relu"])
    inputs, labels = CHAINS["relu"].samples()
    splits = dict.fromkeys(("training", "validation"), (inputs, labels))
    evaluator = Evaluator(CHAINS["relu"], splits, members[0], plan=None)
    before = torch.stack([member.parameters for member in members])
    BundledEvaluator(evaluator, BundledLearner(members, "mapped")).metrics()
    assert all(member.model.training for member in members)
    assert torch.equal(torch.stack([member.parameters for member in members]), before)
