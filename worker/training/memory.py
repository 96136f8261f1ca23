"""Running out of memory, told apart from every other error."""

import torch

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
