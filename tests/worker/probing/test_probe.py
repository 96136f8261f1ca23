import re
import resource
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
import torch
from torch import Tensor, nn

from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.work import AttemptStart, Device, Finish
from tests.worker.builders import FOR_EVER, a_claimed_run, reports_in
from worker.control import Control
from worker.probing.probe import batch_sizes, probe
from worker.spool import Report, Stopped
from worker.training.run_context import RunContext
from worker.workloads.contract import DataPlaces, Splits, TrainingWorkload
from worker.workloads.digits_mlp import DigitsMlp

DEVICE = Device(kind="cpu", name="a quiet CPU", memory_bytes=2**30)


def probed(
    workload: TrainingWorkload,
    scratch: Path,
    *,
    stop: bool = False,
    scaling: Callable[[], ScalingCurve | None] | None = None,
) -> list[Report]:
    scratch.mkdir()
    Control.create(scratch / "control", deadline=FOR_EVER).close()
    context = RunContext(a_claimed_run(purpose="probe", schedule=None), scratch=scratch)
    if stop:
        context.ask_to_stop()
    places = DataPlaces(cache_dir=scratch / "cache")
    probe(context, workload, places=places, device=DEVICE, versions="torch 2.13.0", scaling=scaling)
    context.close()
    return reports_in(scratch)


def test_batches_double_up_to_the_whole_training_set() -> None:
    assert batch_sizes(100) == [8, 16, 32, 64, 100]
    assert batch_sizes(64) == [8, 16, 32, 64]
    assert batch_sizes(5) == [5]


def test_a_probe_reports_a_curve_and_is_done(tmp_path: Path) -> None:
    start, curve, finish = probed(DigitsMlp(), tmp_path / "probe")
    assert start == AttemptStart(from_step=0)
    assert isinstance(curve, ThroughputCurve)
    assert [point.batch_size for point in curve.points] == [
        8,
        16,
        32,
        64,
        128,
        256,
        512,
        1024,
        1078,
    ]
    assert min(point.steps for point in curve.points) >= 20
    assert curve.points[-1].step_time_s > curve.points[0].step_time_s
    assert curve.evaluation_s > 0
    assert not curve.memory_limited
    assert (curve.device, curve.dtype) == ("a quiet CPU", "float32")
    assert isinstance(finish, Finish)
    assert (finish.outcome, finish.step) == ("succeeded", 0)


def test_a_probe_times_every_way_to_train_ten_members_beside_one_alone(tmp_path: Path) -> None:
    _, curve, _ = probed(DigitsMlp(), tmp_path / "probe")
    assert isinstance(curve, ThroughputCurve)
    assert {speed.members for speed in curve.bundles} == {10}
    for execution in ("batched", "mapped"):
        sizes = [some.batch_size for some in curve.bundles if some.execution == execution]
        assert sizes == [8, 32, 128, 512][: len(sizes)]
        assert sizes


def test_a_probe_that_is_asked_to_leave_reports_no_curve(tmp_path: Path) -> None:
    start, stopped = probed(DigitsMlp(), tmp_path / "probe", stop=True)
    assert start == AttemptStart(from_step=0)
    assert isinstance(stopped, Stopped)


def test_the_time_for_which_several_devices_are_measured_is_on_the_clock(tmp_path: Path) -> None:
    def scaling() -> None:
        Event().wait(0.2)

    _, stopped = probed(DigitsMlp(), tmp_path / "probe", stop=True, scaling=scaling)
    assert isinstance(stopped, Stopped)
    assert stopped.wall_clock_s >= 0.2


class Hungry(DigitsMlp):
    """Asks for 16 MiB of memory a sample, and for little time."""

    name = "hungry"

    def load(self, places: DataPlaces) -> Splits:  # noqa: ARG002
        split = (torch.zeros(64, 64), torch.zeros(64, dtype=torch.int64))
        few = (split[0][:8], split[1][:8])
        return {"training": split, "validation": few, "test": few}

    def make_model(self, seed: int) -> nn.Module:
        return Spendthrift(super().make_model(seed))


class Spendthrift(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, inputs: Tensor) -> Tensor:
        if self.training:
            torch.empty(len(inputs), 16 * 2**20, dtype=torch.uint8)
        outputs: Tensor = self.model(inputs)
        return outputs


@pytest.fixture(params=["RLIMIT_AS", "RLIMIT_DATA"])
def little_memory(request: pytest.FixtureRequest) -> object:
    """This process may take 400 MiB more than it has: 16 samples fit, 32 do not."""
    kind: int = getattr(resource, request.param)
    before = resource.getrlimit(kind)
    used = re.search(
        {"RLIMIT_AS": r"VmSize:\s+(\d+)", "RLIMIT_DATA": r"VmData:\s+(\d+)"}[request.param],
        Path("/proc/self/status").read_text(),
    )
    assert used is not None
    resource.setrlimit(kind, (int(used[1]) * 1024 + 400 * 2**20, before[1]))
    yield
    resource.setrlimit(kind, before)


@pytest.mark.usefixtures("little_memory")
def test_memory_ends_the_curve_and_not_the_probe(tmp_path: Path) -> None:
    _, curve, finish = probed(Hungry(), tmp_path / "probe")
    assert isinstance(curve, ThroughputCurve)
    assert [point.batch_size for point in curve.points] == [8, 16]
    assert curve.memory_limited
    assert isinstance(finish, Finish)
    assert finish.outcome == "succeeded"
