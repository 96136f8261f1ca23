"""Meters that only a GPU has; `pytest -m gpu` on a machine that has one, with nvidia-ml-py."""

import time
from pathlib import Path

import pytest
import torch

from tests.worker.builders import a_claimed_run, attempt, points
from tests.worker.meters.quadratic import a_moment
from worker.meters.device import SHORTEST_WINDOW_S, DeviceMeter
from worker.meters.memory import forget_peak, peak_device_bytes
from worker.meters.nvml import gpu_counters

pytestmark = pytest.mark.gpu

MIB = 2**20


def keep_busy(seconds: float) -> None:
    matrix = torch.randn(4096, 4096, device="cuda")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for _ in range(20):
            matrix = torch.nn.functional.normalize(matrix @ matrix)
        torch.cuda.synchronize()


def test_energy_is_about_power_times_time_under_load() -> None:
    pytest.importorskip("pynvml")
    counters = gpu_counters("cuda")
    assert counters is not None
    meter = DeviceMeter("cuda", counters)
    keep_busy(2.0)
    meter.look()
    began = time.monotonic()
    keep_busy(2 * SHORTEST_WINDOW_S)
    read = meter.read(a_moment())
    elapsed_s = time.monotonic() - began
    assert read["energy_j"] is not None
    assert read["power_w"] is not None
    assert read["energy_j"] == pytest.approx(read["power_w"] * elapsed_s, rel=0.3)
    assert read["throttled_fraction"] is not None


def test_the_peak_of_the_device_is_what_was_allocated_and_can_be_forgotten() -> None:
    forget_peak("cuda")
    before = peak_device_bytes("cuda")
    block = torch.zeros(64 * MIB, dtype=torch.uint8, device="cuda")
    peak = peak_device_bytes("cuda")
    assert before is not None
    assert peak is not None
    assert peak - before == pytest.approx(64 * MIB, rel=0.01)
    del block
    forget_peak("cuda")
    assert peak_device_bytes("cuda") == pytest.approx(before, abs=MIB)


def test_a_run_on_a_gpu_is_metered_as_on_a_cpu_and_has_a_peak_of_its_device(tmp_path: Path) -> None:
    read = points(attempt(a_claimed_run(), tmp_path / "gpu", device="cuda"), "meters")
    on_cpu = points(attempt(a_claimed_run(), tmp_path / "cpu"), "meters")
    assert read[0]["device_memory_bytes"] is not None
    energy = on_cpu[0]["mechanical_energy"]
    assert read[0]["mechanical_energy"] == pytest.approx(energy, rel=1e-3)
