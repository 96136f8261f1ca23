"""The first few of a worker's ranks at a time, or one of them as if it were alone."""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from worker.training.ranks import Ranks


class ProbedRanks(Ranks):
    """What a ranked learner takes for all the ranks there are, while others wait.

    Attributes:
        everybody: All ranks of the worker, this one among them.
        silent: Whether nothing is exchanged, so that a step is computation alone.
    """

    def __init__(self, everybody: Ranks, counts: tuple[int, ...], *, torch_device: str) -> None:
        super().__init__(rank=everybody.rank, count=everybody.count)
        self.everybody = everybody
        self.silent = False
        several = [count for count in counts if count > 1]
        self._groups = {count: dist.new_group(list(range(count))) for count in several}
        self._beside: dict[int, Any] = {}
        if torch_device != "cpu":
            self._beside = {
                count: dist.new_group(list(range(count)), backend="gloo") for count in several
            }
        self._flag = torch.zeros(1, device=torch_device)

    def use(self, count: int, *, silent: bool) -> bool:
        """The first ``count`` take steps from now on; whether this rank is among them."""
        self.count, self.silent = count, silent
        self._control = self._beside.get(count)
        return self.rank < count

    def any_of_all(self, said: bool) -> bool:
        """Whether any rank says so; all of them meet here.

        Raises:
            RankLost: Another rank is gone.
        """
        self._flag.fill_(float(said))
        self.everybody.sum_up(self._flag)
        return bool(self._flag.item() > 0)

    def sum_up(self, vector: Tensor) -> None:
        """Replaces a vector by its sum over the ranks in use.

        Raises:
            RankLost: Another rank is gone.
        """
        if self.several and not self.silent:
            group = self._groups[self.count]
            self._waited_for(dist.all_reduce(vector, group=group, async_op=True))

    def tell(self, value: float) -> tuple[Tensor, Any]:
        """Begins to pass the first rank's value on to those in use."""
        if self.silent or not self.several:
            return torch.tensor(float(value), dtype=torch.float64), None
        return super().tell(value)

    def heard(self, told: tuple[Tensor, Any]) -> float:
        """What the first rank passed on."""
        said, work = told
        return float(said.item()) if work is None else super().heard(told)
