"""What the trainer asks of a workload; a plug-in has this shape and imports nothing of us."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from torch import Tensor, nn


class TrainingWorkload(Protocol):
    """Model, data, loss and metrics of a classification.

    Anything random inside the model (dropout, augmentation) draws from torch's own generators:
    they are seeded, saved and restored with the run.
    """

    @property
    def name(self) -> str:
        """As used in pilot files."""

    def load(self, cache_dir: Path) -> Mapping[str, tuple[Tensor, Tensor]]:
        """Inputs and labels of the splits ``training``, ``validation`` and ``test``.

        Tensors on the CPU, samples along the first axis. ``cache_dir`` is the workload's to keep
        prepared files in; several processes may prepare it at once.
        """

    def make_model(self, seed: int) -> nn.Module:
        """A model on the CPU whose initial weights depend on ``seed`` and on nothing else."""

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Sum, not mean, of the items' losses; differentiable."""

    def correct(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Number of items that the outputs classify correctly."""
