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
    """What each of a worker's devices is, without torch and without touching them.

    Args:
        device: ``cpu``, or GPUs as `gpus_of` reads them.

    Raises:
        ValueError: It is neither, or the GPUs are not alike.
    """
    if device == "cpu":
        return Device(kind="cpu", name=_cpu_name(), memory_bytes=_memory_bytes())
    first, *others = (_describe_cuda(index) for index in gpus_of(device))
    if any(other.name != first.name for other in others):
        names = ", ".join(sorted({first.name, *(other.name for other in others)}))
        raise ValueError(f"the GPUs of {device} are not alike: {names}")
    return first


def gpus_of(device: str) -> tuple[int, ...]:
    """Numbers of the GPUs in ``cuda:0``, ``cuda:0,2`` or ``cuda:0-3``; none of ``cpu``.

    Raises:
        ValueError: It is neither, or names a GPU twice.
    """
    if device == "cpu":
        return ()
    kind, _, listed = device.partition(":")
    numbers: list[int] = []
    for part in listed.split(","):
        first, dash, last = part.partition("-")
        if kind != "cuda" or not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValueError(
                f"{device!r} is neither cpu nor GPUs such as cuda:0, cuda:0,1, cuda:0-3"
            )
        numbers += range(int(first), int(last if dash else first) + 1)
    if len(set(numbers)) < len(numbers) or not numbers:
        raise ValueError(f"{device!r} names a GPU twice, or none")
    return tuple(numbers)


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
