"""How a model computes on its device: number format, memory layout, compiled or not."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from planner.devices.throughput import Precision

LossSum = Callable[[Tensor, Tensor], Tensor]
"""Sum of the losses of some inputs and their labels."""

_TURN_S = 0.0001
"""For which the thread that writes checkpoints may keep training waiting at a time."""


@contextmanager
def as_trainers_compute() -> Iterator[None]:
    """This thread computes as a trainer's does: alone, and with denormals that count as zero.

    Momentum that only decays would stay at the smallest numbers there are, which are very slow.
    """
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(interval_s)
        torch.set_flush_denormal(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """What shapes a step's speed and its last digits; the same for every run of a pilot.

    Attributes:
        precision: Format of activations and matrix products. Weights, gradients, momentum and
            evaluations are always ``float32``.
        compiled_sizes: Micro-batch sizes whose forward and backward pass are compiled, each into
            a graph of its own; other sizes, such as the last part of an epoch, are not.
    """

    precision: Precision = "float32"
    compiled_sizes: frozenset[int] = frozenset()

    def cast(self, device: torch.device) -> AbstractContextManager[object]:
        """The context in which a forward pass computes; it costs nothing in ``float32``."""
        if self.precision == "float32":
            return nullcontext()
        return torch.autocast(device.type, dtype=torch.bfloat16)


def layout_of(model: nn.Module, device: torch.device) -> torch.memory_format:
    """Channels last for convolutions on a GPU, whose tensor cores read images so."""
    convolves = any(isinstance(module, nn.Conv2d) for module in model.modules())
    on_gpu = device.type == "cuda"
    return torch.channels_last if convolves and on_gpu else torch.contiguous_format


def flat_view(flat: Tensor, like: Tensor) -> Tensor:
    """A stretch of a flat vector as a parameter, in the parameter's own layout.

    Args:
        flat: As many numbers as ``like`` has.
        like: Dense, contiguous in its order or with the channels last.
    """
    return flat.as_strided(like.shape, like.stride(), flat.storage_offset())


def flattened(parameter: Tensor) -> Tensor:
    """The numbers of a dense parameter in the order in which memory holds them."""
    return parameter.as_strided((parameter.numel(),), (1,), parameter.storage_offset())
