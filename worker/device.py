"""The device a worker trains on, and the versions that shape its results."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from planner.exchange.work import Device
from worker.data.reference_text import reference_text_hash

_CPU_INFO = Path("/proc/cpuinfo")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
_MIB = 1024 * 1024
_SECONDS_FOR_NVIDIA_SMI = 20


def describe_device(device: str) -> Device:
    """What is known of ``cpu`` or ``cuda:N``, without torch and without touching the device."""
    if device == "cpu":
        return Device(kind="cpu", name=_cpu_name(), memory_bytes=_memory_bytes())
    return _describe_cuda(cuda_index(device))


def cuda_index(device: str) -> int:
    """N of ``cuda:N``."""
    kind, _, index = device.partition(":")
    if kind != "cuda" or not index.isdecimal():
        raise ValueError(f"{device!r} is neither cpu nor cuda:N")
    return int(index)


def describe_versions(*, compiled: bool = False) -> str:
    """Versions that a throughput curve or a resumed run depends on."""
    torch = f"torch {version('torch')}{' compiled' if compiled else ''}"
    python = f"python {platform.python_version()}, its text {reference_text_hash()}"
    return f"{torch}, numpy {version('numpy')}, {python}"


def _cpu_name() -> str:
    if _CPU_INFO.is_file():
        for line in _CPU_INFO.read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _memory_bytes() -> int:
    """Memory of this computer, or of the container that limits it."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if _CGROUP_LIMIT.is_file():
        limit = _CGROUP_LIMIT.read_text().strip()
        if limit.isdecimal():
            return min(installed, int(limit))
    return installed


def _describe_cuda(index: int) -> Device:
    query = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    answer = subprocess.run(  # noqa: S603 - fixed words and a whole number
        [*query, f"--id={index}"],
        check=True,
        capture_output=True,
        text=True,
        timeout=_SECONDS_FOR_NVIDIA_SMI,
    )
    name, _, memory_mib = answer.stdout.strip().rpartition(",")
    return Device(kind="cuda", name=name.strip(), memory_bytes=int(memory_mib) * _MIB)
