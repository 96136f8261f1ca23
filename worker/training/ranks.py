"""The processes that train one run together, each on a device of its own; alone, there is one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

from worker.job import RankPart
from worker.training.meeting import interface_of, store_of

_LONGEST_WAIT = timedelta(days=30)
"""A run that is parked keeps its ranks waiting; a rank that is gone is noticed otherwise."""


Told = tuple[Tensor, dist.Work]
"""What the first rank passes on, and the way it takes."""


class RankLost(Exception):
    """Another rank is gone: whatever happened, it happened there."""


class Ranks:
    """This process among those that train a run; the first one alone speaks for the run.

    Attributes:
        rank: Of this process, from 0.
        count: How many there are.
    """

    def __init__(
        self, *, rank: int = 0, count: int = 1, control: dist.ProcessGroup | None = None
    ) -> None:
        if not 0 <= rank < count:
            raise ValueError(f"rank {rank} is not one of {count}")
        self.rank = rank
        self.count = count
        self._control = control

    @property
    def several(self) -> bool:
        """Whether there are others."""
        return self.count > 1

    @property
    def follows(self) -> bool:
        """Whether another rank decides and speaks."""
        return self.rank > 0

    def part(self, items: int) -> slice:
        """This rank's of a step's items; parts differ by at most 1, and are empty if few."""
        return slice(items * self.rank // self.count, items * (self.rank + 1) // self.count)

    def share(self, items: int) -> int:
        """How many of a step's items are this rank's."""
        part = self.part(items)
        return int(part.stop - part.start)

    def sum_up(self, vector: Tensor) -> None:
        """Replaces a vector by its sum over all ranks, the same numbers on each of them.

        Raises:
            RankLost: Another rank is gone.
        """
        if self.several:
            try:
                work = dist.all_reduce(vector, async_op=True)
            except RuntimeError as error:
                raise RankLost from error
            self._waited_for(work)

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replaces floating-point tensors by their mean over all ranks.

        Raises:
            RankLost: Another rank is gone.
        """
        for tensor in tensors:
            if self.several and tensor.is_floating_point():
                self.sum_up(tensor)
                tensor.div_(self.count)

    def agreed(self, value: float) -> float:
        """The first rank's value, on every rank.

        Raises:
            RankLost: Another rank is gone.
        """
        return self.heard(self.tell(value)) if self.several else value

    def check_same(self, value: int) -> None:
        """Refuses to go on with ranks that do not hold the same number.

        Raises:
            RankLost: Another rank is gone.
            RuntimeError: The first one's is another.
        """
        first = int(self.agreed(value))
        if value != first:
            raise RuntimeError(f"rank {self.rank} stands at {value}, the first one at {first}")

    def tell(self, value: float) -> Told:
        """Begins to pass the first rank's value on, beside what the device is doing."""
        said = torch.tensor(float(value), dtype=torch.float64)
        try:
            return said, dist.broadcast(said, src=0, group=self._control, async_op=True)
        except RuntimeError as error:
            raise RankLost from error

    def heard(self, told: Told) -> float:
        """What the first rank passed on."""
        said, work = told
        self._waited_for(work)
        return said.item()

    @staticmethod
    def _waited_for(work: dist.Work) -> None:
        """Waits for others; on a GPU only the device does."""
        try:
            work.wait()
        except RuntimeError as error:
            raise RankLost from error


ALONE = Ranks()


@contextmanager
def joined(
    folder: Path, *, rank: int, count: int, kind: str, part: RankPart | None = None
) -> Iterator[Ranks]:
    """Meets the other ranks that launchers started: on one computer, over loopback and a file.

    Args:
        folder: The same for all of them on this computer, and for no others.
        rank: This one.
        count: Of all ranks.
        kind: ``cpu`` (gloo) or ``cuda`` (NCCL for what devices say to each other, gloo beside it).
        part: Which of them this computer holds, and where they meet, if there are others.
    """
    interface = interface_of(part)
    os.environ["GLOO_SOCKET_IFNAME"] = interface
    os.environ["NCCL_SOCKET_IFNAME"] = f"={interface}"  # and none whose name begins so
    dist.init_process_group(
        "gloo" if kind == "cpu" else "nccl",
        store=store_of(folder, part, rank=rank, count=count, timeout=_LONGEST_WAIT),
        rank=rank,
        world_size=count,
        timeout=_LONGEST_WAIT,
        device_id=None if kind == "cpu" else torch.device("cuda", 0),
    )
    beside = None if kind == "cpu" else dist.new_group(backend="gloo", timeout=_LONGEST_WAIT)
    try:
        yield Ranks(rank=rank, count=count, control=beside)
    finally:
        dist.destroy_process_group()
