"""What the trainer asks of a workload; a plug-in has this shape and imports nothing of us."""

from collections.abc import Callable, Mapping
from typing import Protocol

from torch import Generator, Tensor, nn

from planner.pilots.workload import Workload
from worker.data.places import DataMissing as DataMissing
from worker.data.places import DataPlaces as DataPlaces

Splits = Mapping[str, tuple[Tensor, Tensor]]
"""Inputs and labels by split, samples along the first axis."""

Augmentation = Callable[[Tensor, Generator], Tensor]
"""(inputs of a batch, generator on their device) -> changed inputs, as many and in that order.

Everything random about it comes from the generator, which is seeded, saved and restored with the
run.
"""


class TrainingWorkload(Protocol):
    """Model, data, loss and metrics of a classification.

    Anything random inside the model (dropout) draws from torch's own generators: they are seeded,
    saved and restored with the run.
    """

    @property
    def name(self) -> str:
        """As used in pilot files."""

    @property
    def facts(self) -> Workload:
        """What can be said of it without opening its data."""

    @property
    def augmentation(self) -> Augmentation | None:
        """Applied to the batches of training steps, and to nothing that is measured; or None."""

    def available(self, places: DataPlaces) -> bool:
        """Whether ``load`` would find its data; cheap, nothing is opened."""

    def load(self, places: DataPlaces) -> Splits:
        """The splits ``training``, ``validation`` and ``test``, as tensors on the CPU.

        ``places.cache_dir`` is the workload's to keep prepared files in; several processes may
        prepare it at once.

        Raises:
            DataMissing: The data are not here; nothing is ever downloaded.
        """

    def make_model(self, seed: int) -> nn.Module:
        """A model on the CPU whose initial weights depend on ``seed`` and on nothing else."""

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Sum, not mean, of the items' losses; differentiable."""

    def metric_sums(self, outputs: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
        """Sum over the items of each metric by name, such as ``accuracy``: 1 for each hit.

        Reported as ``validation_<name>`` and ``test_<name>``, divided by the number of items.
        """
