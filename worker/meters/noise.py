"""Gradient noise: gradients of small batches, and of all of them together, at one place."""

import numpy as np
import torch

from planner.measurements.gradient_noise import NoiseReading, two_batches
from planner.pilots.meters import MeterName
from worker.meters.meter import Moment, Readings
from worker.meters.probe_loss import ProbeLoss, Samples
from worker.training.seeds import stream_seed

BATCHES = 8
MOST_SAMPLES_A_BATCH = 64
FEWEST_SAMPLES_A_BATCH = 2


class NoiseMeter:
    """Reads S and ``|G|^2`` from eight batches of its own, drawn anew for every reading.

    They come from a generator that no training step draws from, without augmentation and in
    evaluation mode: what dropout and augmentation add to the noise is not in it.
    """

    name: MeterName = "noise_scale"
    passes = 5

    def __init__(self, loss: ProbeLoss, training: Samples, *, seed: int) -> None:
        self._loss = loss
        self._training = training
        self._seed = seed

    def read(self, moment: Moment) -> Readings:
        """Nothing where the data are too few to be drawn from."""
        reading = self._reading(moment.step)
        if reading is None:
            return {"gradient_noise": None, "gradient_square": None}
        return {
            "gradient_noise": reading.noise,
            "gradient_square": reading.gradient_square,
        }

    def _reading(self, step: int) -> NoiseReading | None:
        inputs, labels = self._training
        samples = len(labels)
        small = min(MOST_SAMPLES_A_BATCH, samples // BATCHES)
        if small < FEWEST_SAMPLES_A_BATCH:
            return None
        generator = np.random.default_rng(stream_seed(self._seed, "meters", step))
        chosen = torch.from_numpy(generator.choice(samples, BATCHES * small, replace=False))
        squares, total = [], None
        for indices in torch.split(chosen.to(labels.device), small):
            gradient = self._loss.gradient((inputs[indices], labels[indices]))
            squares.append(_square(gradient))
            total = gradient if total is None else total.add_(gradient)
        if total is None:
            return None
        return two_batches(
            small=small,
            small_square=float(np.mean(squares)),
            large=BATCHES * small,
            large_square=_square(total / BATCHES),
            samples=samples,
        )


def _square(vector: torch.Tensor) -> float:
    return float(torch.linalg.vector_norm(vector, dtype=torch.float64)) ** 2
