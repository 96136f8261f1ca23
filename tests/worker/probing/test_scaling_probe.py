"""Scaling over two ranks of this computer: what is told, not how fast it is."""

from pathlib import Path

import pytest
import torch
from torch import nn

from planner.devices.scaling import ScalingCurve
from planner.exchange.work import Device
from worker.data.places import DataPlaces
from worker.probing.scaling_bench import RankTimes, device_counts, global_batch_sizes
from worker.probing.scaling_probe import probe_scaling, scaling_curve
from worker.workloads.contract import Splits
from worker.workloads.digits_mlp import DigitsMlp

DEVICE = Device(kind="cpu", name="a quiet CPU", memory_bytes=2**30)


class Small(DigitsMlp):
    """64 digits, one layer of 650 numbers."""

    def load(self, places: DataPlaces) -> Splits:
        return {
            name: (inputs[:64], labels[:64])
            for name, (inputs, labels) in super().load(places).items()
        }

    def make_model(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


class Wrong(Small):
    """A model that one of the ranks cannot train."""

    def loss_sum(self, outputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        if torch.distributed.get_rank() == 1:
            raise ValueError("not on this device")
        return super().loss_sum(outputs, labels)


def probed(workload: DigitsMlp, folder: Path, *, leaves: bool = False) -> ScalingCurve | None:
    places = DataPlaces(cache_dir=folder / "cache")
    workload.load(places)
    return probe_scaling(
        workload,
        device=DEVICE,
        device_count=2,
        precision="float32",
        versions="torch 2.13.0",
        places=places,
        folder=folder / "scaling",
        asked_to_leave=lambda: leaves,
    )


def test_device_counts_double_up_to_all_there_are() -> None:
    assert device_counts(1) == (1,)
    assert device_counts(2) == (1, 2)
    assert device_counts(6) == (1, 2, 4, 6)
    assert device_counts(8) == (1, 2, 4, 8)


def test_global_batches_grow_fourfold_up_to_the_whole_training_set() -> None:
    assert global_batch_sizes(1078) == (8, 32, 128, 512, 1078)
    assert global_batch_sizes(32) == (8, 32)
    assert global_batch_sizes(5) == (5,)


def test_two_ranks_tell_their_steps_their_exchange_and_the_gradient(tmp_path: Path) -> None:
    found = probed(Small(), tmp_path)
    assert found is not None
    assert [(one.device_count, one.batch_size) for one in found.points] == [
        *((1, 8), (1, 32), (1, 64)),
        *((2, 8), (2, 32), (2, 64)),
    ]
    # 64 x 10 weights and 10 biases of 4 bytes.
    assert found.payload_bytes == 650 * 4
    assert min(one.steps for one in found.points) >= 6
    assert [one.device_count for one in found.exchanges] == [2]
    assert (found.workload, found.device, found.dtype) == ("digits-mlp", "a quiet CPU", "float32")


def test_a_probe_that_is_asked_to_leave_tells_nothing_of_several_devices(tmp_path: Path) -> None:
    assert probed(Small(), tmp_path, leaves=True) is None


def test_a_rank_that_fails_leaves_the_throughput_curve_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert probed(Wrong(), tmp_path) is None
    assert "scaling over 2 devices was not measured" in caplog.text


def times(*, steps_s: float, silent_s: float) -> RankTimes:
    return RankTimes(
        payload_bytes=8,
        steps_s={(1, 8): [2.0], (2, 8): [steps_s]},
        silent_s={(1, 8): [2.0], (2, 8): [silent_s]},
        exchanges_s={2: [0.25]},
    )


def curve(*told: RankTimes) -> ScalingCurve | None:
    return scaling_curve(told, workload="w", device="d", dtype="float32", versions="v")


def test_communication_is_what_a_step_takes_beyond_the_slowest_rank_alone() -> None:
    found = curve(times(steps_s=1.5, silent_s=1.0), times(steps_s=1.5, silent_s=1.25))
    assert found is not None
    assert [one.communication_s for one in found.points] == [0.0, 1.5 - 1.25]


def test_a_step_that_is_no_longer_than_computing_alone_hides_its_communication() -> None:
    found = curve(times(steps_s=1.0, silent_s=1.0), times(steps_s=1.0, silent_s=1.1))
    assert found is not None
    assert found.points[-1].communication_s == 0.0


def test_memory_that_holds_one_device_only_leaves_nothing_to_compare() -> None:
    alone = RankTimes(payload_bytes=8, steps_s={(1, 8): [1.0]}, silent_s={(1, 8): [1.0]})
    assert curve(alone, RankTimes(payload_bytes=8)) is None
