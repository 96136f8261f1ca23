"""Metrics of all members of a bundle at once: each split is gone through a single time."""

from collections import defaultdict

import torch

from worker.training.bundled_learner import BundledLearner
from worker.training.evaluation import Evaluator, add_up, items_at_once, named_metrics, pieces


class BundledEvaluator:
    """Evaluates what `worker.training.evaluation.Evaluator` does, for every member of a bundle.

    A pass holds as many items of all members together as one of a member alone, or as a step.
    """

    def __init__(self, evaluator: Evaluator, learner: BundledLearner) -> None:
        """The evaluator of any one of the members, and the learner of all of them."""
        self._workload, self._splits = evaluator.workload, evaluator.splits
        self._probe = evaluator.probe
        self._learner = learner
        self._members = len(learner.parameters)
        most = items_at_once(evaluator.plan)
        self._items_at_once = most if evaluator.plan else max(1, most // self._members)

    def metrics(self) -> list[dict[str, float]]:
        """Of every member, the metrics that are evaluated during a run."""
        with self._learner.evaluating():
            training = self._means("training", metrics=False)
            validation = self._means("validation")
            norms = self._gradient_norms()
        return [
            named_metrics(train_loss=ours["loss"], validation=theirs, gradient_norm=norm)
            for ours, theirs, norm in zip(training, validation, norms, strict=True)
        ]

    @torch.no_grad()
    def _means(self, split: str, *, metrics: bool = True) -> list[dict[str, float]]:
        """Loss and, if wanted, metrics of the workload, each the mean over a split's items."""
        inputs, labels = self._splits[split]
        sums: list[dict[str, float]] = [defaultdict(float) for _ in range(self._members)]
        for some, theirs in pieces(inputs, labels, items=self._items_at_once):
            outputs, losses = self._learner.model.evaluate(some, theirs)
            members = zip(sums, outputs.contiguous(), losses.tolist(), strict=True)
            for own, said, loss in members:
                own["loss"] += loss
                if metrics:
                    add_up(own, self._workload.metric_sums(said, theirs))
        return [{name: total / len(labels) for name, total in own.items()} for own in sums]

    def _gradient_norms(self) -> list[float]:
        """Of the mean loss on the probe set; the gradients are left in the bundle's."""
        inputs, labels = self._probe
        model, weight = self._learner.model, 1.0 / len(labels)
        parts = pieces(inputs, model.targets(labels, weight), items=self._items_at_once)
        for number, (some, targets) in enumerate(parts):
            model.gradients(
                some.expand(self._members, *some.shape),
                targets.expand(self._members, *targets.shape),
                weight=weight,
                add=number > 0,
            )
        norms = torch.linalg.vector_norm(self._learner.gradients, dim=1, dtype=torch.float64)
        found: list[float] = norms.tolist()
        return found
