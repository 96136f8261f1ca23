"""Metrics of a model: whole splits in evaluation mode, and the gradient on a fixed probe set."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from planner.devices.batch_plan import MicroBatchPlan
from worker.training.learner import Learner
from worker.training.seeds import stream_seed
from worker.workloads.contract import TrainingWorkload

PROBE_SAMPLES = 512
"""Training samples behind the full gradient norm, the same for every run of a workload."""

_PROBE_SEED = 1
MOST_ITEMS_AT_ONCE = 4096
"""Bounds the memory of an evaluation; the splits of the small workloads fit in one go."""


class Evaluator:
    """Evaluates a learner's model without touching its parameters or its momentum.

    What a step may not hold at once, an evaluation does not either: a model that fits into memory
    with so many samples when it is trained fits when it is evaluated.
    """

    def __init__(
        self,
        workload: TrainingWorkload,
        splits: Mapping[str, tuple[Tensor, Tensor]],
        learner: Learner,
        *,
        plan: MicroBatchPlan | None,
    ) -> None:
        largest = MOST_ITEMS_AT_ONCE if plan is None else plan.largest_micro_batch_size
        self._items_at_once = min(MOST_ITEMS_AT_ONCE, largest)
        self._workload = workload
        self._splits = splits
        self._learner = learner
        self._probe = probe_set(*splits["training"])

    def metrics(self) -> dict[str, float]:
        """The metrics that are evaluated during a run."""
        training = self._means("training")
        return {
            "train_loss": training["loss"],
            **{f"validation_{name}": value for name, value in self._means("validation").items()},
            "full_gradient_norm": self._gradient_norm(),
        }

    def test_metrics(self) -> dict[str, float]:
        """The metrics that are reported once, at the end."""
        return {f"test_{name}": value for name, value in self._means("test").items()}

    def _means(self, split: str) -> dict[str, float]:
        """Loss and metrics of the workload, each the mean over a split's items."""
        inputs, labels = self._splits[split]
        model = self._learner.model
        sums: dict[str, float] = defaultdict(float)
        model.eval()
        with torch.no_grad():
            for some, theirs in zip(
                torch.split(inputs, self._items_at_once),
                torch.split(labels, self._items_at_once),
                strict=True,
            ):
                outputs = model(some)
                sums["loss"] += self._workload.loss_sum(outputs, theirs).item()
                for name, total in self._workload.metric_sums(outputs, theirs).items():
                    sums[name] += total.item()
        model.train()
        return {name: total / len(labels) for name, total in sums.items()}

    def _gradient_norm(self) -> float:
        inputs, labels = self._probe
        learner = self._learner
        learner.gradients.zero_()
        learner.model.eval()
        for some, theirs in zip(
            torch.split(inputs, self._items_at_once),
            torch.split(labels, self._items_at_once),
            strict=True,
        ):
            loss = self._workload.loss_sum(learner.model(some), theirs) / len(labels)
            loss.backward()  # type: ignore[no-untyped-call]
        learner.model.train()
        return float(torch.linalg.vector_norm(learner.gradients, dtype=torch.float64))


def probe_set(inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The same samples for every run, seed and schedule, so that norms can be compared."""
    generator = np.random.default_rng(stream_seed(_PROBE_SEED, "probe"))
    count = min(PROBE_SAMPLES, len(labels))
    chosen = np.sort(generator.permutation(len(labels))[:count])
    indices = torch.from_numpy(chosen).to(inputs.device)
    return inputs[indices], labels[indices]
