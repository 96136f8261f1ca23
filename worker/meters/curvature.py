"""Curvature: the largest eigenvalue of the probe loss, and the rate that it bears."""

import logging

import torch
from torch import Tensor

from planner.measurements.mechanics import curvature_ratio
from planner.pilots.meters import MeterName
from planner.schedules.momentum import MomentumForm
from worker.meters.eigenvalue import largest_eigenvalue
from worker.meters.meter import Moment, Readings
from worker.meters.probe_loss import ProbeLoss, Samples

FIRST_PRODUCTS = 12
LATER_PRODUCTS = 6
"""Hessian-vector products of a reading; later ones begin where the last one ended."""

MOST_SAMPLES = 128
"""Of the probe set, evenly chosen: a second derivative takes several times a gradient's time."""

_NOTHING: Readings = {"curvature": None, "curvature_ratio": None}

log = logging.getLogger(__name__)


class CurvatureMeter:
    """Reads lambda_max by Hessian-vector products, and R for the step to come."""

    name: MeterName = "curvature"
    passes = 30

    def __init__(self, loss: ProbeLoss, probe: Samples, *, form: MomentumForm, seed: int) -> None:
        self._loss = loss
        inputs, labels = probe
        every = -(-len(labels) // MOST_SAMPLES)
        self._probe = (inputs[::every], labels[::every])
        self._form = form
        self._seed = seed
        self._vector: Tensor | None = None
        self._possible = True

    def read(self, moment: Moment) -> Readings:
        """Nothing where the model has no second derivative, or memory for none."""
        if not self._possible:
            return _NOTHING
        try:
            value = self._largest()
        except RuntimeError as error:
            log.warning("the curvature is not measured: %s", error)
            self._possible, self._vector = False, None
            return _NOTHING
        if value is None:
            return _NOTHING
        ratio = curvature_ratio(self._form, moment.after, curvature=value)
        return {"curvature": value, "curvature_ratio": ratio}

    def _largest(self) -> float | None:
        hessian = self._loss.hessian(self._probe)
        start, products = self._vector, LATER_PRODUCTS
        if start is None:
            start, products = self._random_like(hessian.gradient), FIRST_PRODUCTS
        found = largest_eigenvalue(hessian.product, start, products=products)
        if found is None:
            self._vector = None
            return None
        value, self._vector = found
        return value

    def _random_like(self, vector: Tensor) -> Tensor:
        generator = torch.Generator(vector.device).manual_seed(self._seed)
        return torch.randn(len(vector), generator=generator, device=vector.device)
