"""A workload whose gradients, noise and curvature are known: ``1/2 (x - c_i)' A (x - c_i)``."""

import numpy as np
import torch
from torch import Tensor, nn

from planner.measurements.mechanics import Ball
from worker.meters.meter import Moment
from worker.meters.probe_loss import ProbeLoss, Samples

STIFFNESS = (0.5, 1.0, 2.0, 8.0)
"""Eigenvalues of A."""


class Distance(nn.Module):
    """The distance of the parameters from a sample."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.tensor([1.0, -1.0, 0.5, 0.25]))

    def forward(self, centres: Tensor) -> Tensor:
        return self.place - centres


class Quadratic:
    """What a meter needs of a workload."""

    def __init__(self, stiffness: tuple[float, ...] = STIFFNESS) -> None:
        turn = torch.linalg.qr(torch.randn(4, 4, generator=torch.Generator().manual_seed(3)))[0]
        self.matrix = turn @ torch.diag(torch.tensor(stiffness)) @ turn.T

    def loss_sum(self, distances: Tensor, _labels: Tensor) -> Tensor:
        return 0.5 * ((distances @ self.matrix) * distances).sum()

    def true_noise(self, samples: Samples) -> float:
        """Trace of the covariance of single gradients."""
        gradients = (samples[0] @ self.matrix).double().numpy()
        return float(np.var(gradients, axis=0).sum())

    def true_square(self, model: Distance, samples: Samples) -> float:
        """Squared norm of the whole gradient."""
        whole = self.matrix @ (model.place.detach() - samples[0].mean(dim=0))
        return float(whole @ whole)


def samples_of(count: int, spread: float = 0.5) -> Samples:
    chance = torch.Generator().manual_seed(5)
    return spread * torch.randn(count, 4, generator=chance), torch.zeros(count)


def a_loss(workload: Quadratic, model: nn.Module) -> ProbeLoss:
    return ProbeLoss(workload, model)  # type: ignore[arg-type]


def a_moment(**changes: object) -> Moment:
    ball = Ball(learning_rate=0.1, beta=0.9)
    values: dict[str, object] = {
        "step": 0,
        "before": ball,
        "after": ball,
        "buffer_factor": 1.0,
        "at_stage": False,
        "elapsed_s": 0.0,
    }
    return Moment(**{**values, **changes})  # type: ignore[arg-type]
