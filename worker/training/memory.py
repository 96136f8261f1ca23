"""Memory that is not enough: a trainer's own end, told apart from every other error."""

import contextlib
import resource
from pathlib import Path

import torch

_FIRST_TO_GO = "800"
"""Of 1,000: how much rather the kernel ends this process than one that nobody said this of."""

_SAID = (
    "DefaultCPUAllocator",
    "CUDA error: out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)
"""Parts of the messages of errors that torch raises as plain RuntimeErrors."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the device, or this computer, had not enough memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(said in str(error) for said in _SAID)


def limit_memory(most_bytes: int | None) -> None:
    """Memory past the limit is refused to this process, which then says so and fails alone.

    Without one it would be granted, and missed later by whichever program the kernel then ends:
    this one rather than the API or another trainer, where the kernel can be told so.

    Args:
        most_bytes: Of its own data on the computer, not on a GPU; None for no limit.
    """
    if most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
