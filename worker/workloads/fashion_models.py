"""Workloads on Fashion-MNIST: perceptrons on a part and on all of it, a convolutional net."""

from torch import nn

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataPlaces, found
from worker.data.sets import FASHION_MNIST
from worker.workloads.classification import Classification
from worker.workloads.fashion_mnist import SIDE, SPLIT_SEED, split_fashion
from worker.workloads.models.convolutional import small_cnn
from worker.workloads.models.perceptron import perceptron
from worker.workloads.prepared import Arrays


class FashionMlp(Classification):
    """784-64-64-10 perceptron with ReLU and cross entropy.

    Args:
        name: In the catalogue, which says how many samples it takes.
    """

    def __init__(self, name: str) -> None:
        self.facts = BUILT_IN[name]

    @property
    def cache_name(self) -> str:
        """Pictures as rows; another number of them is another folder."""
        facts = self.facts
        sizes = f"{facts.training_samples}-{facts.validation_samples}"
        return f"fashion-mnist-{sizes}-{SPLIT_SEED}"

    def arrays(self, places: DataPlaces) -> Arrays:
        """Read from the four published files."""
        return split_fashion(
            found(FASHION_MNIST, places),
            training=self.facts.training_samples,
            validation=self.facts.validation_samples,
        )

    def network(self) -> nn.Module:
        """A fresh perceptron."""
        return perceptron(SIDE * SIDE, 64, 64, self.classes)


class FashionCnn(FashionMlp):
    """Two convolutions of stride 2 with GroupNorm, and cross entropy."""

    def network(self) -> nn.Module:
        """A fresh net; rows become pictures again."""
        return nn.Sequential(nn.Unflatten(1, (1, SIDE, SIDE)), *small_cnn(self.classes))
