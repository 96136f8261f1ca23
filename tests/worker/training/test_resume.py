"""A run that is interrupted anywhere ends with the same bits, on every workload."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from planner.exchange.work import AttemptStart
from planner.pilots.workload import BUILT_IN
from tests.worker.archives import a_small_cifar
from tests.worker.builders import attempt, checkpoints_in, points, reports_in
from tests.worker.resuming import (
    Few,
    Killed,
    KilledInside,
    Whole,
    ends_like,
    stopped_and_resumed,
    undisturbed,
)
from worker.data.places import DataPlaces
from worker.workloads import WORKLOADS
from worker.workloads.contract import Augmentation
from worker.workloads.digits_mlp import DigitsMlp

TRAINING = 400
BATCH = 16
STEPS = TRAINING // BATCH + TRAINING // (2 * BATCH) + 1
"""25 steps of 16 samples, then 13 of 32, the last of which takes what is left."""

MICRO_BATCH = 6
"""A step of 16 is three micro-batches, one of 32 is six."""

STOPS = 5
"""Random moments of each workload; processes are killed at more of them, on one workload."""

CPU = tuple(name for name, known in BUILT_IN.items() if not known.data_set.startswith("cifar"))


def a_whole_run(name: str, folder: Path, places: DataPlaces) -> Whole:
    workload = Few(WORKLOADS[name], training=TRAINING)
    return undisturbed(
        workload, folder, batch_size=BATCH, places=places, largest_micro_batch_size=MICRO_BATCH
    )


def test_a_run_resumes_between_a_batch_change_and_its_first_step_and_elsewhere(
    tmp_path: Path, places: DataPlaces
) -> None:
    whole = a_whole_run("mnist1d-mlp", tmp_path, places)
    assert whole.stage_starts == [0, 25]
    assert max(points(whole.reports, "train")) == STEPS
    for stop_at in (7, 25):
        stopped_and_resumed(whole, tmp_path, stop_at=stop_at)


@pytest.mark.parametrize("micro_batch", [3 * 10 + 1, 3 * 25 + 6 * 2 + 4])
def test_a_run_resumes_after_it_was_killed_inside_an_accumulation(
    micro_batch: int, tmp_path: Path, places: DataPlaces
) -> None:
    """It dies within step 10, or 27, with some of the step's gradients added up."""
    killed_and_resumed(a_whole_run("mnist1d-mlp", tmp_path, places), tmp_path, micro_batch)


def killed_and_resumed(whole: Whole, folder: Path, micro_batch: int) -> None:
    places = whole.places
    step = micro_batch // 3 if micro_batch < 3 * 25 else 25 + (micro_batch - 3 * 25) // 6
    mortal = KilledInside(WORKLOADS[whole.run.workload], micro_batch=micro_batch, training=TRAINING)
    scratch = folder / f"killed-{micro_batch}"
    with pytest.raises(Killed):
        attempt(whole.run, scratch, workload=mortal, places=places, checkpoint_every_s=0.0)
    saved = checkpoints_in(scratch, reports_in(scratch))
    again = attempt(
        dataclasses.replace(whole.run, attempt=2),
        folder / f"again-{micro_batch}",
        workload=whole.workload,
        places=places,
        checkpoints=saved,
    )
    start = again[0]
    assert isinstance(start, AttemptStart)
    assert start.from_step == (saved[0].step if saved else 0)
    assert start.from_step <= step
    expected = points(whole.reports, "train")
    assert points(again, "train") == {
        done: point for done, point in expected.items() if done > start.from_step
    }
    ends_like(whole, folder / f"again-{micro_batch}", again)


class BlurredDigits(DigitsMlp):
    """Digits with an augmentation, and a model with running statistics."""

    @property
    def augmentation(self) -> Augmentation:
        return lambda inputs, generator: inputs + torch.rand(inputs.shape, generator=generator)

    def network(self) -> nn.Module:
        return nn.Sequential(nn.BatchNorm1d(64), super().network())


def test_a_run_resumes_with_its_augmentation_and_its_running_statistics(
    tmp_path: Path, places: DataPlaces
) -> None:
    """BatchNorm's buffers and the augmentation's generator are part of a checkpoint."""
    workload = Few(BlurredDigits(), training=TRAINING)
    whole = undisturbed(
        workload, tmp_path, batch_size=BATCH, places=places, largest_micro_batch_size=MICRO_BATCH
    )
    assert {"generator.augmentation", "buffer.0.running_mean"} <= whole.tensors.keys()
    plain = a_whole_run("digits-mlp", tmp_path / "plain", places)
    assert points(plain.reports, "train")[1] != points(whole.reports, "train")[1]
    stopped_and_resumed(whole, tmp_path, stop_at=11)


@pytest.mark.slow
def test_the_papers_network_resumes_as_well(tmp_path: Path) -> None:
    places = DataPlaces(cache_dir=tmp_path / "cache", data_dir=tmp_path / "sets")
    workload = Few(a_small_cifar(tmp_path / "sets"), training=6, others=2)
    whole = undisturbed(workload, tmp_path, batch_size=2, places=places, largest_micro_batch_size=1)
    stopped_and_resumed(whole, tmp_path, stop_at=1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", CPU)
def test_a_run_resumes_at_random_steps(name: str, tmp_path: Path, places: DataPlaces) -> None:
    whole = a_whole_run(name, tmp_path, places)
    chosen = np.random.default_rng(20251128).permutation(np.arange(1, STEPS))[:STOPS]
    for stop_at in sorted({25, *chosen.tolist()}):
        stopped_and_resumed(whole, tmp_path, stop_at=stop_at)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", CPU)
def test_a_run_resumes_after_kills_inside_a_step(
    name: str, tmp_path: Path, places: DataPlaces
) -> None:
    whole = a_whole_run(name, tmp_path, places)
    chosen = np.random.default_rng(7).permutation(np.arange(1, 3 * 25 + 6 * 12))[:STOPS]
    for micro_batch in chosen.tolist():
        killed_and_resumed(whole, tmp_path, micro_batch)
