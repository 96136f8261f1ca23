"""What all built-in workloads share: cross entropy, accuracy, prepared splits, seeded weights."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from planner.pilots.workload import Workload
from worker.data.places import DataPlaces, find
from worker.data.sets import DATA_SETS
from worker.workloads.contract import Augmentation, Splits
from worker.workloads.prepared import Arrays, prepared_splits


class Classification(ABC):
    """A classifier under one name; a subclass brings its data and its model."""

    facts: Workload

    @property
    def name(self) -> str:
        """As used in pilot files."""
        return self.facts.name

    @property
    def classes(self) -> int:
        """Number of a model's outputs."""
        if self.facts.classes is None:
            raise ValueError(f"{self.name} states no classes")
        return self.facts.classes

    @property
    def augmentation(self) -> Augmentation | None:
        """None unless a subclass has one."""
        return None

    @property
    @abstractmethod
    def cache_name(self) -> str:
        """Folder of the prepared arrays; names all that they depend on."""

    @abstractmethod
    def arrays(self, places: DataPlaces) -> Arrays:
        """The data set, read and split.

        Raises:
            DataMissing: It is not here.
        """

    @abstractmethod
    def network(self) -> nn.Module:
        """A model with weights from the global generator."""

    def available(self, places: DataPlaces) -> bool:
        """Whether the data came with the installation or lie where they are looked for."""
        name = self.facts.data_set
        return not name or find(DATA_SETS[name], places) is not None

    def load(self, places: DataPlaces) -> Splits:
        """The three splits, from .npy files that the first call prepares."""
        return prepared_splits(places.cache_dir / self.cache_name, lambda: self.arrays(places))

    def make_model(self, seed: int) -> nn.Module:
        """A fresh model; the global generator is left as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.network()

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Cross entropy, summed over the items."""
        return nn.functional.cross_entropy(outputs, labels, reduction="sum")

    def metric_sums(self, outputs: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
        """Accuracy: items whose largest output is the label."""
        return {"accuracy": (outputs.argmax(dim=1) == labels).sum()}
