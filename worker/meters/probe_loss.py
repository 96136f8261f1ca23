"""The loss that meters look at: mean over some samples, evaluation mode, full precision."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from worker.workloads.contract import TrainingWorkload

Samples = tuple[Tensor, Tensor]
"""Inputs and labels."""


class ProbeLoss:
    """Mean loss of a model as a function of its parameters; nothing of the model is changed."""

    def __init__(self, workload: TrainingWorkload, model: nn.Module) -> None:
        self._loss_sum = workload.loss_sum
        self._model = model
        self._parameters = [one for one in model.parameters() if one.requires_grad]

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(parameter.numel() for parameter in self._parameters)

    @property
    def device(self) -> torch.device:
        """Of the parameters."""
        return self._parameters[0].device

    def value(self, samples: Samples) -> float:
        """The loss."""
        with torch.no_grad(), self._evaluating():
            return float(self._mean(samples))

    def gradient(self, samples: Samples) -> Tensor:
        """Its gradient, as one new vector."""
        with self._evaluating():
            return _flat(
                torch.autograd.grad(self._mean(samples), self._parameters, materialize_grads=True)
            )

    def gradient_to_differentiate(self, samples: Samples) -> Tensor:
        """Its gradient with the graph behind it.

        Attention is written out: the fused kernels have no second derivative.

        Raises:
            RuntimeError: Some part of the model has no second derivative.
        """
        with self._evaluating(), sdpa_kernel(SDPBackend.MATH):
            mean = self._mean(samples)
            parts = torch.autograd.grad(
                mean, self._parameters, create_graph=True, materialize_grads=True
            )
            return _flat(parts)

    def hessian_product(self, gradient: Tensor, vector: Tensor) -> Tensor:
        """``H v`` from a gradient with its graph.

        Raises:
            RuntimeError: Some part of the model has no second derivative.
        """
        return _flat(
            torch.autograd.grad(
                gradient, self._parameters, vector, retain_graph=True, materialize_grads=True
            )
        )

    def _mean(self, samples: Samples) -> Tensor:
        inputs, labels = samples
        return self._loss_sum(self._model(inputs).float(), labels) / len(labels)

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        """No dropout, and no batch statistics taken in."""
        training = self._model.training
        self._model.eval()
        try:
            yield
        finally:
            self._model.train(training)


def _flat(parts: tuple[Tensor, ...]) -> Tensor:
    return torch.cat([part.reshape(-1) for part in parts])
