"""A small perceptron on scikit-learn's handwritten digits."""

from torch import nn

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataPlaces
from worker.workloads.classification import Classification
from worker.workloads.digits import CACHE_NAME, split_digits
from worker.workloads.models.perceptron import perceptron
from worker.workloads.prepared import Arrays


class DigitsMlp(Classification):
    """64-64-64-10 perceptron with ReLU and cross entropy; no normalisation, no augmentation."""

    facts = BUILT_IN["digits-mlp"]
    cache_name = CACHE_NAME

    def arrays(self, places: DataPlaces) -> Arrays:  # noqa: ARG002 - they come with scikit-learn
        """Read from scikit-learn."""
        return split_digits()

    def network(self) -> nn.Module:
        """A fresh perceptron."""
        return perceptron(64, 64, 64, 10)
