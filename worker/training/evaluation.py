"""Metrics of a model: whole splits in evaluation mode, and the gradient on a fixed probe set."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

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

    Attributes:
        workload: Whose metrics these are.
        splits: That are evaluated.
        probe: The samples of the gradient norm.
        plan: How steps are split; None where none is.
    """

    def __init__(
        self,
        workload: TrainingWorkload,
        splits: Mapping[str, tuple[Tensor, Tensor]],
        learner: Learner,
        *,
        plan: MicroBatchPlan | None,
    ) -> None:
        self._items_at_once = items_at_once(plan)
        self.workload = workload
        self.splits = splits
        self.plan = plan
        self.probe = probe_set(*splits["training"])
        self._learner = learner

    def metrics(self) -> dict[str, float]:
        """The metrics that are evaluated during a run."""
        return named_metrics(
            train_loss=self._means("training", metrics=False)["loss"],
            validation=self._means("validation"),
            gradient_norm=self._gradient_norm(),
        )

    def test_metrics(self) -> dict[str, float]:
        """The metrics that are reported once, at the end."""
        return {f"test_{name}": value for name, value in self._means("test").items()}

    def _means(self, split: str, *, metrics: bool = True) -> dict[str, float]:
        """Loss and, if wanted, metrics of the workload, each the mean over a split's items."""
        inputs, labels = self.splits[split]
        model = self._learner.model
        sums: dict[str, float] = defaultdict(float)
        model.eval()
        with torch.no_grad():
            for some, theirs in pieces(inputs, labels, items=self._items_at_once):
                outputs = model(some)
                sums["loss"] += self.workload.loss_sum(outputs, theirs).item()
                if metrics:
                    add_up(sums, self.workload.metric_sums(outputs, theirs))
        model.train()
        return {name: total / len(labels) for name, total in sums.items()}

    def _gradient_norm(self) -> float:
        inputs, labels = self.probe
        learner = self._learner
        learner.gradients.zero_()
        learner.model.eval()
        for some, theirs in pieces(inputs, labels, items=self._items_at_once):
            loss = self.workload.loss_sum(learner.model(some), theirs) / len(labels)
            loss.backward()  # type: ignore[no-untyped-call]
        learner.model.train()
        return float(torch.linalg.vector_norm(learner.gradients, dtype=torch.float64))


def items_at_once(plan: MicroBatchPlan | None) -> int:
    """Most items in one pass."""
    largest = MOST_ITEMS_AT_ONCE if plan is None else plan.largest_micro_batch_size
    return min(MOST_ITEMS_AT_ONCE, largest)


def pieces(inputs: Tensor, labels: Tensor, *, items: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Samples in their order, so many at a time."""
    return zip(torch.split(inputs, items), torch.split(labels, items), strict=True)


def add_up(sums: dict[str, float], metrics: Mapping[str, Tensor]) -> None:
    """Adds sums over some items to those over the items before them."""
    for name, total in metrics.items():
        sums[name] += total.item()


def named_metrics(
    *, train_loss: float, validation: Mapping[str, float], gradient_norm: float
) -> dict[str, float]:
    """The metrics that are evaluated during a run, from means over two splits."""
    return {
        "train_loss": train_loss,
        **{f"validation_{name}": value for name, value in validation.items()},
        "full_gradient_norm": gradient_norm,
    }


def probe_set(inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The same samples for every run, seed and schedule, so that norms can be compared."""
    generator = np.random.default_rng(stream_seed(_PROBE_SEED, "probe"))
    count = min(PROBE_SAMPLES, len(labels))
    chosen = np.sort(generator.permutation(len(labels))[:count])
    indices = torch.from_numpy(chosen).to(inputs.device)
    return inputs[indices], labels[indices]
