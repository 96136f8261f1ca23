"""The loss that meters look at: mean over some samples, evaluation mode, full precision."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

# Autograd imports this at a process's first Hessian-vector product, before its first step,
# which takes 0.25 s; imported here, the program that trainers are forked from has it already.
import torch.fx.experimental.symbolic_shapes
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

    def hessian(self, samples: Samples) -> "Hessian":
        """Its second derivative.

        Attention is written out: the fused kernels have no second derivative.

        Raises:
            RuntimeError: Some part of the model has none.
        """
        everything = self._parameters
        with self._evaluating(), sdpa_kernel(SDPBackend.MATH):
            parts = torch.autograd.grad(
                self._mean(samples), everything, create_graph=True, allow_unused=True
            )
            used = [
                (parameter, part)
                for parameter, part in zip(everything, parts, strict=True)
                if part is not None
            ]
            parameters, gradients = zip(*used, strict=True)
            return Hessian(parameters, _flat(gradients))

    @property
    def _parameters(self) -> list[nn.Parameter]:
        return [one for one in self._model.parameters() if one.requires_grad]

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


class Hessian:
    """A second derivative that is known by its products, at the parameters of one moment.

    Attributes:
        gradient: With the graph behind it; one entry a parameter that the loss depends on.
    """

    def __init__(self, parameters: tuple[Tensor, ...], gradient: Tensor) -> None:
        self._parameters = parameters
        self.gradient = gradient

    def product(self, vector: Tensor) -> Tensor:
        """``H v``.

        Raises:
            RuntimeError: Some part of the model has no second derivative; where autograd does not
                know one, a parameter is unused, and that is refused rather than taken for zero.
        """
        return _flat(
            torch.autograd.grad(self.gradient, self._parameters, vector, retain_graph=True)
        )


def _flat(parts: tuple[Tensor, ...]) -> Tensor:
    return torch.cat([part.reshape(-1) for part in parts])
