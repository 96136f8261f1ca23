"""The order in which a run sees its training samples: without replacement, epoch by epoch."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from worker.training.seeds import stream_seed


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerState:
    """Everything that is needed to go on drawing: the permutation follows from seed and epoch.

    Attributes:
        cursor: Samples of the epoch already drawn; below the number of samples.
    """

    seed: int
    epoch: int
    cursor: int


class Sampler:
    """One permutation an epoch, consumed by a cursor whatever the batch sizes are."""

    def __init__(self, *, samples: int, state: SamplerState, device: str = "cpu") -> None:
        if not 0 <= state.cursor < samples:
            raise ValueError(f"cursor {state.cursor} is outside an epoch of {samples} samples")
        self._samples = samples
        self._seed = state.seed
        self._epoch = state.epoch
        self._cursor = state.cursor
        self._device = device
        self._order: Tensor | None = None

    @property
    def state(self) -> SamplerState:
        """Where the next draw starts."""
        return SamplerState(seed=self._seed, epoch=self._epoch, cursor=self._cursor)

    def take(self, items: int) -> Tensor:
        """Indices of the next ``items`` samples; they never cross the end of an epoch."""
        end = self._cursor + items
        if items < 1 or end > self._samples:
            raise ValueError(f"{items} items do not fit at {self._cursor} of {self._samples}")
        indices = self._epoch_order()[self._cursor : end]
        self._cursor = end
        if end == self._samples:
            self._epoch, self._cursor, self._order = self._epoch + 1, 0, None
        return indices

    def rest(self) -> Tensor:
        """Indices of all samples that are left of the epoch; they are not drawn by this."""
        return self._epoch_order()[self._cursor :]

    def _epoch_order(self) -> Tensor:
        if self._order is None:
            self._order = self._permutation()
        return self._order

    def _permutation(self) -> Tensor:
        generator = np.random.default_rng(stream_seed(self._seed, "order", self._epoch))
        return torch.from_numpy(generator.permutation(self._samples)).to(self._device)
