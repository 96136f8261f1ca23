"""A GPU's own counters, by NVIDIA's management library where it is installed."""

import logging
from typing import Any, Protocol

import torch

MILLI = 1e-3

THROTTLED = 0x4 | 0x8 | 0x20 | 0x40 | 0x80
"""Reasons that slow a GPU which has work: power cap, hardware slowdown, heat (software, hardware),
power brake. Bits of ``nvmlClocksEventReasons``; idle and clocks set by a user are none of these."""

log = logging.getLogger(__name__)


class Nvml(Protocol):
    """The part of the ``pynvml`` module (package nvidia-ml-py) that is used."""

    NVMLError: type[Exception]

    def nvmlInit(self) -> None:  # noqa: N802 - NVIDIA's name
        """Opens the library."""

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> Any:  # noqa: N802, ANN401
        """The device's handle."""

    def nvmlDeviceGetTotalEnergyConsumption(self, handle: Any) -> int:  # noqa: N802, ANN401
        """Millijoules since the driver was loaded."""

    def nvmlDeviceGetPowerUsage(self, handle: Any) -> int:  # noqa: N802, ANN401
        """Milliwatts."""

    def nvmlDeviceGetCurrentClocksEventReasons(self, handle: Any) -> int:  # noqa: N802, ANN401
        """Bits that say why the clocks are what they are."""


class GpuCounters:
    """Energy, power and throttling of one GPU; each None where the device does not tell."""

    def __init__(self, nvml: Nvml, uuid: str) -> None:
        self._nvml = nvml
        nvml.nvmlInit()
        self._handle = nvml.nvmlDeviceGetHandleByUUID(uuid)

    def energy_j(self) -> float | None:
        """Since the driver was loaded; of everything that runs on the device."""
        counted = self._ask(self._nvml.nvmlDeviceGetTotalEnergyConsumption)
        return None if counted is None else counted * MILLI

    def power_w(self) -> float | None:
        """At this moment, or over the last second, as the device has it."""
        counted = self._ask(self._nvml.nvmlDeviceGetPowerUsage)
        return None if counted is None else counted * MILLI

    def throttled(self) -> bool | None:
        """Whether something slows the device down."""
        reasons = self._ask(self._nvml.nvmlDeviceGetCurrentClocksEventReasons)
        return None if reasons is None else bool(reasons & THROTTLED)

    def _ask(self, question: Any) -> int | None:  # noqa: ANN401 - a bound function of the library
        try:
            answer: int = question(self._handle)
        except self._nvml.NVMLError:
            return None
        return answer


def gpu_counters(device: str) -> GpuCounters | None:
    """Counters of the device that torch trains on; None without a GPU or without the library."""
    if device == "cpu":
        return None
    try:
        import pynvml
    except ImportError:
        log.info("energy is not measured: nvidia-ml-py is not installed")
        return None
    try:
        return GpuCounters(pynvml, f"GPU-{torch.cuda.get_device_properties(device).uuid}")
    except pynvml.NVMLError as error:
        log.warning("energy is not measured: %s", error)
        return None
