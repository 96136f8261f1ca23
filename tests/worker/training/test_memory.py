"""Memory that is not enough: it ends a curve, splits batches, and fails one run with a reason."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from planner.devices.batch_plan import MicroBatchPlan, micro_batch_plan
from planner.devices.throughput import ThroughputCurve
from planner.exchange.work import Finish
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.worker.builders import FOR_EVER, a_claimed_run, points, reports_in
from tests.worker.probing.test_probe import probed
from worker.control import Control
from worker.data.places import DataPlaces
from worker.spool import Report
from worker.training.failure import failing_alone
from worker.training.memory import is_out_of_memory
from worker.training.run_context import RunContext
from worker.training.trainer import train
from worker.workloads.digits_mlp import DigitsMlp

FITS = 64
"""Samples that the narrow model can hold at once."""

LARGE = Schedule(
    name="large",
    learning_rate=LearningRate(initial=0.05),
    batch_size=BatchSize(initial=200),
)
"""Six steps an epoch: five of 200 samples and one of the 78 that are left of 1,078."""


class Narrow(DigitsMlp):
    """Digits on a device that holds 64 samples: for more it asks for memory that nobody has."""

    def make_model(self, seed: int) -> nn.Module:
        return NarrowModel(super().make_model(seed))


class NarrowModel(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, inputs: Tensor) -> Tensor:
        if len(inputs) > FITS:
            torch.empty(2**62, dtype=torch.uint8)
        outputs: Tensor = self.model(inputs)
        return outputs


def trained(folder: Path, workload: DigitsMlp, *plans: MicroBatchPlan | None) -> list[list[Report]]:
    """What attempts with these plans, in one trainer, reported."""
    contexts = []
    for number, plan in enumerate(plans):
        scratch = folder / str(number)
        scratch.mkdir(parents=True)
        Control.create(scratch / "control", deadline=FOR_EVER).close()
        run = a_claimed_run(schedule=LARGE, epochs=2, micro_batch_plan=plan)
        contexts.append(RunContext(run, scratch=scratch))
    with failing_alone(contexts):
        train(contexts, workload, places=DataPlaces(cache_dir=folder / "cache"))
    for context in contexts:
        context.close()
    return [reports_in(folder / str(number)) for number in range(len(plans))]


def end_of(reports: list[Report]) -> Finish:
    end = reports[-1]
    assert isinstance(end, Finish)
    return end


def test_what_does_not_fit_fails_its_run_with_a_reason_and_no_other(tmp_path: Path) -> None:
    too_large, fits = trained(
        tmp_path, Narrow(), None, MicroBatchPlan(largest_micro_batch_size=FITS)
    )
    assert (end_of(too_large).outcome, end_of(too_large).reason) == ("failed", "out_of_memory")
    assert "DefaultCPUAllocator" in end_of(too_large).detail
    assert end_of(fits).outcome == "succeeded"


def test_a_curve_that_memory_ended_gives_a_plan_with_which_the_run_goes_through(
    tmp_path: Path,
) -> None:
    _, curve, _ = probed(Narrow(), tmp_path / "probe")
    assert isinstance(curve, ThroughputCurve)
    assert curve.memory_limited
    assert curve.points[-1].batch_size == FITS
    plan = micro_batch_plan(curve)
    assert plan.largest_micro_batch_size <= FITS
    (reports,) = trained(tmp_path / "run", Narrow(), plan)
    assert end_of(reports).outcome == "succeeded"


def test_a_run_in_parts_measures_what_a_run_of_whole_batches_does(tmp_path: Path) -> None:
    (whole,) = trained(tmp_path / "whole", DigitsMlp(), None)
    (parts,) = trained(tmp_path / "parts", Narrow(), MicroBatchPlan(largest_micro_batch_size=FITS))
    for group in ("train", "evaluation"):
        expected, found = points(whole, group), points(parts, group)
        assert found.keys() == expected.keys()
        for step, values in expected.items():
            assert found[step] == pytest.approx(values, rel=1e-4)


@pytest.mark.parametrize(
    ("error", "out_of_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (ValueError("out of range"), False),
    ],
)
def test_running_out_of_memory_is_told_from_other_errors(
    error: Exception, out_of_memory: bool
) -> None:
    assert is_out_of_memory(error) == out_of_memory
