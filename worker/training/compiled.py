"""Forward and backward pass compiled for a few batch sizes, and the graphs that this made."""

import logging

import torch
from torch import Tensor
from torch._dynamo.utils import counters

from worker.training.arithmetic import LossSum

log = logging.getLogger(__name__)


class CompiledLoss:
    """A sum of losses with one graph for each batch size that it was made for.

    Learning rates never enter a graph: the update works on flat vectors outside of it, and takes
    them as numbers of its kernels. So a schedule costs no graph, and a batch size costs one.

    Attributes:
        sizes: Batch sizes that are compiled; any other is computed as it stands.
    """

    def __init__(self, loss_sum: LossSum, sizes: frozenset[int]) -> None:
        self.sizes = sizes
        self._plain = loss_sum
        # Beyond this many shapes torch would give up compiling without a word.
        torch._dynamo.config.recompile_limit = max(
            torch._dynamo.config.recompile_limit, len(sizes) + 1
        )
        self._compiled: LossSum = torch.compile(loss_sum, dynamic=False)
        self._graphs_before = graphs_made()

    def __call__(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """The sum of the losses, differentiable."""
        chosen = self._compiled if len(inputs) in self.sizes else self._plain
        return chosen(inputs, labels)

    @property
    def graphs(self) -> int:
        """Graphs made since this was; more than one a size means that something recompiles."""
        return graphs_made() - self._graphs_before

    def warn_of_recompiles(self) -> bool:
        """Says so when there are more graphs than batch sizes, plus one; whether there are."""
        too_many = self.graphs > len(self.sizes) + 1
        if too_many:
            log.warning("%d graphs for %d batch sizes", self.graphs, len(self.sizes))
        return too_many


def graphs_made() -> int:
    """Graphs that this process has compiled."""
    return int(counters["stats"]["unique_graphs"])
