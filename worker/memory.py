"""Running out of memory, told apart from every other error."""

import torch


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the device, or this computer, had not enough memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
