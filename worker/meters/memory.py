"""The most memory that a run has held."""

import resource
import sys

import torch

_BYTES_A_UNIT = 1 if sys.platform == "darwin" else 1024
"""``ru_maxrss`` counts kilobytes, except on macOS."""


def peak_device_bytes(device: str) -> float | None:
    """Highest allocation on a GPU since the last `forget_peak`; None on a CPU."""
    if device == "cpu":
        return None
    return float(torch.cuda.max_memory_allocated(device))


def forget_peak(device: str) -> None:
    """From now on the peak is a new one: what a meter needed is not the run's."""
    if device != "cpu":
        torch.cuda.reset_peak_memory_stats(device)


def peak_process_bytes() -> float:
    """Highest resident set of this process, data, meters and libraries included."""
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_A_UNIT)
