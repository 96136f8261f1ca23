"""The built-in workloads where they are meant to be trained; `pytest -m gpu`."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from planner.exchange.work import ClaimedRun
from tests.worker.archives import a_small_cifar
from tests.worker.builders import a_claimed_run, attempt, checkpoints_in, points
from tests.worker.resuming import Few, growing, newest_tensors
from worker.data.places import DataPlaces
from worker.workloads import WORKLOADS
from worker.workloads.models.resnet import Norm

pytestmark = pytest.mark.gpu


def workload_run(name: str, **changes: Any) -> ClaimedRun:
    return a_claimed_run(
        workload=name, schedule=growing(16), epochs=2, evaluate_every="1ep", **changes
    )


@pytest.mark.parametrize("norm", ["batch", "group"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_papers_network_learns_from_bytes_that_stay_on_the_gpu(
    norm: Norm, precision: str, tmp_path: Path
) -> None:
    places = DataPlaces(cache_dir=tmp_path / "cache", data_dir=tmp_path / "sets")
    workload = a_small_cifar(tmp_path / "sets", norm=norm)
    run = workload_run(workload.name, precision=precision)
    reports = attempt(run, tmp_path / "run", workload=workload, places=places, device="cuda")
    first, *_, last = points(reports, "evaluation").values()
    assert last["train_loss"] < first["train_loss"]


@pytest.mark.parametrize("name", ["fmnist6k-cnn", "pydoc-charlm", "mnist1d-mlp"])
def test_the_small_workloads_run_on_a_gpu_as_well(
    name: str, tmp_path: Path, places: DataPlaces
) -> None:
    workload = Few(WORKLOADS[name], training=400)
    reports = attempt(
        workload_run(name), tmp_path / "run", workload=workload, places=places, device="cuda"
    )
    first, *_, last = points(reports, "evaluation").values()
    assert last["train_loss"] < first["train_loss"]


def test_the_augmentation_goes_on_where_it_was(tmp_path: Path) -> None:
    """Sums on a GPU may differ in their last bits; the generators may not."""
    places = DataPlaces(cache_dir=tmp_path / "cache", data_dir=tmp_path / "sets")
    workload = a_small_cifar(tmp_path / "sets")
    run = workload_run(workload.name)
    common = {"workload": workload, "places": places, "device": "cuda"}
    whole = attempt(run, tmp_path / "whole", **common)
    first = attempt(run, tmp_path / "first", stop_at=9, **common)
    second = attempt(
        dataclasses.replace(run, attempt=2),
        tmp_path / "second",
        checkpoints=checkpoints_in(tmp_path / "first", first),
        **common,
    )
    one, other = (
        newest_tensors(tmp_path / name, reports)
        for name, reports in (("whole", whole), ("second", second))
    )
    for name in ("generator.augmentation", "generator.cpu", "generator.device"):
        assert torch.equal(one[name], other[name])
