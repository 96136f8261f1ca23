"""The paths that only a GPU takes; `pytest -m gpu` on a machine that has one."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from planner.devices.throughput import ThroughputCurve
from planner.exchange.work import Device
from tests.worker.builders import FOR_EVER, a_claimed_run, reports_in
from tests.worker.training.test_learner import WORKLOAD, some_samples
from worker.control import Control
from worker.probing.probe import probe
from worker.probing.stopwatch import RING_EVENTS, CudaStopwatch
from worker.training.arithmetic import Arithmetic
from worker.training.learner import Learner
from worker.training.run_context import RunContext
from worker.workloads.contract import DataPlaces
from worker.workloads.digits_mlp import DigitsMlp

pytestmark = pytest.mark.gpu

STEP = {"micro_batches": (20,), "rate": 0.05, "beta": 0.9, "kept": 0.9}


def a_learner(device: str, arithmetic: Arithmetic = Arithmetic()) -> Learner:
    inputs, labels = some_samples()
    return Learner(
        WORKLOAD,
        (inputs.to(device), labels.to(device)),
        weights_seed=1,
        augmentation_seed=2,
        momentum_form="heavy_ball",
        arithmetic=arithmetic,
    )


def losses(learner: Learner, steps: int) -> Tensor:
    indices = torch.arange(20, device=learner.parameters.device)
    return torch.stack([learner.step(indices, **STEP) for _ in range(steps)]).cpu()


def test_a_gpu_walks_the_path_of_the_cpu() -> None:
    torch.testing.assert_close(losses(a_learner("cuda"), 20), losses(a_learner("cpu"), 20))


def test_bfloat16_learns_on_a_gpu() -> None:
    mixed = losses(a_learner("cuda", Arithmetic(precision="bfloat16")), 20)
    torch.testing.assert_close(mixed, losses(a_learner("cpu"), 20), rtol=0.02, atol=0)


def test_convolutions_have_their_channels_last_in_weights_and_gradients() -> None:
    class Images:
        name, augmentation = "images", None

        def make_model(self, seed: int) -> nn.Module:
            torch.manual_seed(seed)
            return nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.Conv2d(6, 10, 6), nn.Flatten())

        def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
            return nn.functional.cross_entropy(outputs, labels, reduction="sum")

    images, labels = torch.rand(20, 3, 8, 8).cuda(), torch.randint(0, 10, (20,)).cuda()
    learner = Learner(
        Images(),
        (images, labels),
        weights_seed=1,
        augmentation_seed=2,
        momentum_form="heavy_ball",
    )
    before = losses(learner, 30)
    kernel = next(learner.model.parameters())
    assert kernel.is_contiguous(memory_format=torch.channels_last)
    assert kernel.grad is not None
    assert kernel.grad.is_contiguous(memory_format=torch.channels_last)
    assert float(before[-1]) < float(before[0])


@pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning")
def test_a_batch_size_costs_one_graph_on_a_gpu() -> None:
    compiled = a_learner("cuda", Arithmetic(compiled_sizes=frozenset({20})))
    torch.testing.assert_close(losses(compiled, 5), losses(a_learner("cuda"), 5))
    assert compiled.compiled is not None
    assert compiled.compiled.graphs == 1


def test_the_stopwatch_keeps_every_lap_of_more_than_a_ring() -> None:
    stopwatch, matrix = CudaStopwatch(), torch.rand(2000, 2000, device="cuda")
    stopwatch.start()
    for _ in range(2 * RING_EVENTS):
        matrix = torch.nn.functional.normalize(matrix @ matrix)
        stopwatch.lap()
    laps_s = stopwatch.laps_s()
    assert len(laps_s) == 2 * RING_EVENTS
    assert min(laps_s) > 0


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_probe_measures_a_gpu(tmp_path: Path, precision: str) -> None:
    Control.create(tmp_path / "control", deadline=FOR_EVER).close()
    run = a_claimed_run(purpose="probe", schedule=None, precision=precision)
    context = RunContext(run, scratch=tmp_path, device="cuda")
    device = Device(kind="cuda", name=torch.cuda.get_device_name(), memory_bytes=2**30)
    probe(
        context,
        DigitsMlp(),
        places=DataPlaces(cache_dir=tmp_path / "cache"),
        device=device,
        versions="torch",
    )
    context.close()
    _, curve, finish = reports_in(tmp_path)
    assert isinstance(curve, ThroughputCurve)
    assert curve.dtype == precision
    assert finish.outcome == "succeeded"
