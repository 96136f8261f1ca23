import pytest

from tests.worker.meters.quadratic import a_moment
from worker.meters.device import DeviceMeter
from worker.meters.memory import peak_process_bytes
from worker.meters.nvml import GpuCounters, gpu_counters


class FakeNvml:
    """A GPU of 300 W whose library counts, as NVIDIA's does."""

    class NVMLError(Exception):
        pass

    def __init__(self):
        self.now_s = 0.0
        self.reasons = 0
        self.silent = ()
        self.calls = 0

    def nvmlInit(self):  # noqa: N802 - NVIDIA's name
        pass

    def nvmlDeviceGetHandleByUUID(self, uuid):  # noqa: N802
        return uuid

    def nvmlDeviceGetTotalEnergyConsumption(self, _handle):  # noqa: N802
        self.calls += 1
        return self._unless_silent("energy", 7_000_000 + int(self.now_s * 300_000))

    def nvmlDeviceGetPowerUsage(self, _handle):  # noqa: N802
        return self._unless_silent("power", 300_000)

    def nvmlDeviceGetCurrentClocksEventReasons(self, _handle):  # noqa: N802
        return self._unless_silent("reasons", self.reasons)

    def _unless_silent(self, name, value):
        if name in self.silent:
            raise self.NVMLError(name)
        return value


def a_meter(nvml, share=1.0):
    counters = GpuCounters(nvml, "GPU-1")
    meter = DeviceMeter("cpu", counters, share=lambda: share, now=lambda: nvml.now_s)
    meter.look()
    return meter


def read_at(meter, nvml, now_s):
    nvml.now_s = now_s
    return meter.read(a_moment())


def test_energy_counts_from_the_first_look():
    nvml = FakeNvml()
    nvml.now_s = 100.0
    meter = a_meter(nvml)
    read = read_at(meter, nvml, 110.0)
    assert read["energy_j"] == pytest.approx(300 * 10)
    assert read["power_w"] == 300


def test_a_window_under_five_seconds_has_no_energy():
    nvml = FakeNvml()
    meter = a_meter(nvml)
    assert read_at(meter, nvml, 4.9)["energy_j"] is None
    assert read_at(meter, nvml, 5.9)["energy_j"] == pytest.approx(300 * 5.9)


def test_the_counters_are_asked_once_a_second_however_often_somebody_looks():
    nvml = FakeNvml()
    meter = a_meter(nvml)
    asked_at_the_beginning = nvml.calls
    for tenth in range(1, 31):
        nvml.now_s = tenth / 10
        meter.look()
    assert nvml.calls - asked_at_the_beginning == 3


def test_throttling_is_the_share_of_looks_that_saw_the_device_slowed():
    nvml = FakeNvml()
    meter = a_meter(nvml)
    for now_s, reasons in ((1, 0x1), (2, 0x4), (3, 0x40 | 0x1), (4, 0x2)):
        nvml.reasons = reasons
        read = read_at(meter, nvml, now_s)
    assert read["throttled_fraction"] == pytest.approx(2 / 5)


def test_another_attempt_has_none_of_the_energy_and_throttling_of_the_one_before():
    nvml = FakeNvml()
    meter = a_meter(nvml)
    nvml.reasons = 0x4
    read_at(meter, nvml, 1000.0)
    nvml.reasons = 0
    meter.restart()
    assert read_at(meter, nvml, 1004.0)["energy_j"] is None
    read = read_at(meter, nvml, 1010.0)
    assert (read["energy_j"], read["throttled_fraction"]) == (pytest.approx(300 * 10), 0.0)


def test_a_member_of_a_bundle_has_its_share_of_the_energy():
    nvml = FakeNvml()
    meter = a_meter(nvml, share=1 / 4)
    assert read_at(meter, nvml, 10.0)["energy_j"] == pytest.approx(300 * 10 / 4)


def test_what_a_device_does_not_tell_is_not_measured_and_never_zero():
    nvml = FakeNvml()
    nvml.silent = ("energy", "power", "reasons")
    read = read_at(a_meter(nvml), nvml, 60.0)
    assert [read[name] for name in ("energy_j", "power_w", "throttled_fraction")] == [None] * 3


def test_a_cpu_has_a_peak_of_its_process_and_nothing_else():
    read = DeviceMeter("cpu", gpu_counters("cpu")).read(a_moment())
    assert read["process_memory_bytes"] == pytest.approx(peak_process_bytes(), rel=0.5)
    assert read["process_memory_bytes"] > 50e6
    assert {name for name, value in read.items() if value is None} == {
        "energy_j", "power_w", "throttled_fraction", "device_memory_bytes",
    }  # fmt: skip
