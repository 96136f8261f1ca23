"""ResNet-18 at 32x32 on this computer's GPU: images a second, MFU, energy, recompiles, the curve.

Against a plain script (four loader processes that change one image at a time, float32, torch's
SGD), both taking turns. MFU is the share of the GPU's dense bf16 peak that the model's own
arithmetic makes: forward and backward as counted by torch, nothing else. Aims: at least 5 times
the plain script, MFU at least 25 %. Without a GPU nothing is measured, and that is said.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.found.training import Laboratory
from benchmarks.gpu_loops import LOADER_WORKERS, OurSteps, PlainSteps, images
from benchmarks.turns import take_turns
from planner.devices.throughput import fit_throughput, saturation_batch_size
from planner.exchange.work import Device
from worker.data.places import DataPlaces
from worker.device import describe_device, describe_versions
from worker.meters.nvml import gpu_counters
from worker.workloads.contract import Splits, TrainingWorkload

TURNS = 5
BATCH_SIZE = 512
OUR_STEPS = 60
PLAIN_STEPS = 12
CHANGED_TO = (128, 256, 512, 1024)
"""Batch sizes that one training goes through, a graph for each."""

ENERGY_S = 10.0
"""NVML's energy counter says nothing of windows under five seconds."""

PEAK_BF16_FLOPS_PER_S = {
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "L4": 121e12,
    "A10": 125e12,
    "RTX 4090": 165e12,
}
"""Dense, without sparsity, from NVIDIA's data sheets; the first name within the device's counts."""


def main() -> None:
    if not torch.cuda.is_available():
        print("GPU: not measured (no CUDA device here)")
        return
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        places = DataPlaces(cache_dir=Path(folder))
        chosen = images(places)
        splits = chosen.workload.load(places)
        device = describe_device("cuda:0")
        data = "CIFAR-10" if chosen.real else "random images (the CIFAR-10 archive is not here)"
        print(f"{device.name}, {describe_versions()}, {data}", flush=True)
        _speed(chosen.workload, splits, device)
        _recompiles(chosen.workload, splits)
        _curve(chosen.workload, places, Path(folder))


def _speed(workload: TrainingWorkload, splits: Splits, device: Device) -> None:
    """Images a second of both loops, MFU and energy of ours."""
    ours = OurSteps(workload, splits, frozenset({BATCH_SIZE}))
    plain = PlainSteps(workload, splits, BATCH_SIZE)
    turns = take_turns(
        lambda: _seconds_an_image(lambda: ours.take(BATCH_SIZE, OUR_STEPS)),
        {"plain": lambda: _seconds_an_image(lambda: plain.take(PLAIN_STEPS))},
        turns=TURNS,
    )
    flops = _flops_an_image(workload, splits)
    per_s = 1 / turns.reference_s
    print(
        f"batch {BATCH_SIZE}: {per_s:.0f} images/s, plain script with {LOADER_WORKERS} loader "
        f"processes {1 / turns.seconds('plain'):.0f}, ratio {turns.ratio('plain'):.1f} "
        f"(aim >= 5), A/A {turns.noise:.3f}; {_mfu(per_s * flops, device.name)}; "
        f"{_energy(ours)}; peak memory {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB",
        flush=True,
    )


def _seconds_an_image(take: Callable[[], int]) -> float:
    torch.cuda.synchronize()
    began = time.perf_counter()
    seen = take()
    torch.cuda.synchronize()
    return (time.perf_counter() - began) / seen


def _flops_an_image(workload: TrainingWorkload, splits: Splits) -> float:
    """Floating-point operations of forward and backward pass, a multiplication and an addition two.

    Counted on the CPU, uncompiled: the model's arithmetic is the same wherever it is done.
    """
    inputs, labels = (tensor[:8] for tensor in splits["training"])
    model = workload.make_model(0)
    with FlopCounterMode(display=False) as counted:
        workload.loss_sum(model(inputs), labels).backward()
    return counted.get_total_flops() / len(labels)


def _mfu(flops_per_s: float, device: str) -> str:
    peak = next((peak for name, peak in PEAK_BF16_FLOPS_PER_S.items() if name in device), None)
    if peak is None:
        return f"MFU not known: no peak on file for {device}"
    return f"MFU {flops_per_s / peak:.1%} (aim >= 25 %)"


def _energy(ours: OurSteps) -> str:
    """Joules a thousand images, by NVML's counter over a long window."""
    counters = gpu_counters("cuda:0")
    before = counters.energy_j() if counters else None
    if counters is None or before is None:
        return "energy not measured"
    began, seen = time.perf_counter(), 0
    while time.perf_counter() - began < ENERGY_S:
        seen += ours.take(BATCH_SIZE, OUR_STEPS)
        torch.cuda.synchronize()
    after = counters.energy_j()
    if after is None:
        return "energy not measured"
    return f"{(after - before) / seen * 1000:.0f} J a thousand images (+-10 %)"


def _recompiles(workload: TrainingWorkload, splits: Splits) -> None:
    """Graphs of a training that goes through several batch sizes, each more than once."""
    ours = OurSteps(workload, splits, frozenset(CHANGED_TO))
    for batch_size in (*CHANGED_TO, *CHANGED_TO):
        ours.take(batch_size, 3)
    assert ours.learner.compiled is not None
    times = [
        median(_seconds_an_image(lambda size=size: ours.take(size, 20)) for _ in range(TURNS))
        for size in CHANGED_TO
    ]
    speeds = ", ".join(
        f"{size}: {1 / seconds:.0f}" for size, seconds in zip(CHANGED_TO, times, strict=True)
    )
    print(
        f"{len(CHANGED_TO)} batch sizes: {ours.learner.compiled.graphs} graphs (aim <= "
        f"{len(CHANGED_TO) + 1}); images/s by batch size {speeds}",
        flush=True,
    )


def _curve(workload: TrainingWorkload, places: DataPlaces, folder: Path) -> None:
    """The worker's own probe, uncompiled."""
    laboratory = Laboratory(workload, places, folder, device="cuda", precision="bfloat16")
    curve = laboratory.throughput()
    fit = fit_throughput(curve)
    for point in curve.points:
        print(
            f"  batch {point.batch_size}: {point.step_time_s * 1e3:.2f} ms a step, "
            f"{point.batch_size / point.step_time_s:.0f} images/s"
        )
    print(
        f"  t(b) = {fit.overhead_s * 1e3:.2f} ms + b / {fit.samples_per_s:.0f}, largest residual "
        f"{fit.residual_fraction:.1%}, saturation batch {saturation_batch_size(curve)}, "
        f"{'memory ends the curve' if curve.memory_limited else 'not limited by memory'}"
    )


if __name__ == "__main__":
    main()
