"""The samples of several members at one place of their epochs, each in an order of its own."""

from collections.abc import Sequence

import torch
from torch import Tensor

from worker.sampler import Sampler


class BundledSampler:
    """Draws for all members at once; their own samplers follow when they are told to."""

    def __init__(self, samplers: Sequence[Sampler]) -> None:
        self._samplers = samplers
        self._orders = self._rest()
        self._drawn = 0

    def take(self, items: int) -> Tensor:
        """Indices of every member's next samples, (members, items); no epoch's end is crossed."""
        if self._drawn == self._orders.shape[1]:
            self.settle()
        indices = self._orders[:, self._drawn : self._drawn + items]
        self._drawn += items
        return indices

    def give_back(self, items: int) -> None:
        """The last draw was not used."""
        self._drawn -= items

    def settle(self) -> None:
        """The members' own samplers go to where this one is."""
        if self._drawn:
            for sampler in self._samplers:
                sampler.take(self._drawn)
        self._orders = self._rest()
        self._drawn = 0

    def _rest(self) -> Tensor:
        return torch.stack([sampler.rest() for sampler in self._samplers])
