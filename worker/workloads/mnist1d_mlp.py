"""A perceptron on MNIST-1D."""

import numpy as np
from torch import nn

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataPlaces
from worker.workloads.classification import Classification
from worker.workloads.mnist1d import LENGTH, SEED, mnist1d
from worker.workloads.models.perceptron import perceptron
from worker.workloads.prepared import Arrays
from worker.workloads.splitting import stratified

_SPLIT_SEED = 20251128
_PUBLISHED_TRAINING = 4000
"""The first 4,000 samples; the rest is the published test set."""


class Mnist1dMlp(Classification):
    """40-100-100-10 perceptron with ReLU and cross entropy."""

    facts = BUILT_IN["mnist1d-mlp"]
    cache_name = f"mnist1d-{SEED}-{_SPLIT_SEED}"

    def arrays(self, places: DataPlaces) -> Arrays:  # noqa: ARG002 - they come from a formula
        """Generated from the published seed; validation is taken from the published training."""
        signals, digits = mnist1d()
        inputs = signals.astype(np.float32)
        sizes = (self.facts.training_samples, self.facts.validation_samples)
        training, validation = stratified(
            digits[:_PUBLISHED_TRAINING], sizes=sizes, seed=_SPLIT_SEED
        )
        test = np.arange(_PUBLISHED_TRAINING, len(digits))
        chosen = {"training": training, "validation": validation, "test": test}
        return {split: (inputs[indices], digits[indices]) for split, indices in chosen.items()}

    def network(self) -> nn.Module:
        """A fresh perceptron."""
        return perceptron(LENGTH, 100, 100, self.classes)
