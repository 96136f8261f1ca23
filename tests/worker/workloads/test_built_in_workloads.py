"""What every built-in workload keeps to; ``apt-get install dataset-fashion-mnist`` before."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from planner.pilots.workload import BUILT_IN
from tests.worker.archives import a_small_cifar
from worker.data.places import DataPlaces
from worker.data.reach import within_reach
from worker.training.learner import Learner
from worker.workloads import WORKLOADS
from worker.workloads.contract import Splits, TrainingWorkload

LESSONS = {
    "digits-mlp": (8, 0.02, 1078),
    "mnist1d-mlp": (16, 0.04, 3000),
    "pydoc-charlm": (8, 0.1, 800),
    "fmnist10k-mlp": (16, 0.01, 10_000),
    "fmnist6k-cnn": (32, 0.01, 3000),
    "fashion-mnist-mlp": (64, 0.02, 20_000),
}
"""Batch size, rate and samples, at most an epoch, of what a processor trains in a second."""

CIFAR = sorted(name for name, known in BUILT_IN.items() if known.data_set.startswith("cifar"))


@pytest.fixture(scope="module")
def small_cifar(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingWorkload, DataPlaces]:
    folder = tmp_path_factory.mktemp("cifar")
    workload = a_small_cifar(folder)
    return workload, DataPlaces(cache_dir=folder / "cache", data_dir=folder)


def check_splits(workload: TrainingWorkload, splits: Splits) -> None:
    """Sized as the facts say, none sharing an input with another."""
    facts = workload.facts
    assert {name: len(labels) for name, (_, labels) in splits.items()} == {
        "training": facts.training_samples,
        "validation": facts.validation_samples,
        "test": facts.test_samples,
    }
    rows = [{row.tobytes() for row in inputs.numpy()} for inputs, _ in splits.values()]
    assert len(set.union(*rows)) == sum(map(len, rows))
    for inputs, labels in splits.values():
        assert len(inputs) == len(labels)
        assert labels.dtype == torch.int64
        assert (int(labels.min()), int(labels.max())) >= (0, 0)
        assert int(labels.max()) < facts.classes


def mean_loss(workload: TrainingWorkload, model: torch.nn.Module, split: tuple[Tensor, Tensor]):
    inputs, labels = split
    model.eval()
    with torch.no_grad():
        loss = workload.loss_sum(model(inputs), labels).item() / len(labels)
    model.train()
    return loss


def test_the_names_are_the_ones_that_can_be_planned_with() -> None:
    assert {name: workload.facts.name for name, workload in WORKLOADS.items()} == {
        name: name for name in BUILT_IN
    }


@pytest.mark.parametrize("name", LESSONS)
def test_the_splits_are_disjoint_and_as_large_as_stated(name: str, places: DataPlaces) -> None:
    check_splits(WORKLOADS[name], WORKLOADS[name].load(places))


def test_the_splits_of_cifar_are_as_well(
    small_cifar: tuple[TrainingWorkload, DataPlaces],
) -> None:
    workload, places = small_cifar
    check_splits(workload, workload.load(places))
    for name in CIFAR:
        known = BUILT_IN[name]
        assert known.training_samples + known.validation_samples == 50_000
        assert known.test_samples == 10_000


@pytest.mark.parametrize("name", BUILT_IN)
def test_initial_weights_follow_from_the_seed_and_disturb_nobody(name: str) -> None:
    workload = WORKLOADS[name]
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002 - it is the global generator that is looked at
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # noqa: NPY002
    first, again, other = (
        torch.cat([weights.reshape(-1) for weights in workload.make_model(seed).parameters()])
        for seed in (1, 1, 2)
    )
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]  # noqa: NPY002
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("name", LESSONS)
def test_a_fresh_model_guesses_and_an_epoch_teaches_it(name: str, places: DataPlaces) -> None:
    workload = WORKLOADS[name]
    splits = workload.load(places)
    learner = Learner(
        workload,
        splits["training"],
        weights_seed=1,
        augmentation_seed=1,
        momentum_form="heavy_ball",
    )
    guessing = mean_loss(workload, learner.model, splits["validation"])
    assert guessing == pytest.approx(math.log(workload.facts.classes), rel=0.1)
    batch_size, rate, samples = LESSONS[name]
    order = torch.randperm(len(splits["training"][1]), generator=torch.Generator().manual_seed(1))
    for indices in order[:samples].split(batch_size):
        learner.step(indices, micro_batches=(len(indices),), rate=rate, beta=0.9, kept=0.9)
    assert mean_loss(workload, learner.model, splits["validation"]) < 0.8 * guessing


@pytest.mark.parametrize("name", CIFAR)
def test_a_fresh_resnet_guesses(
    name: str, small_cifar: tuple[TrainingWorkload, DataPlaces]
) -> None:
    images, labels = small_cifar[0].load(small_cifar[1])["validation"]
    workload = WORKLOADS[name]
    guessing = mean_loss(workload, workload.make_model(1), (images[:8], labels[:8]))
    assert guessing == pytest.approx(math.log(workload.facts.classes), rel=0.15)


def test_the_loss_of_a_sequence_is_the_mean_of_its_characters() -> None:
    workload = WORKLOADS["pydoc-charlm"]
    scores = torch.zeros(3, 4, 97)
    labels = torch.ones(3, 4, dtype=torch.int64)
    assert workload.loss_sum(scores, labels).item() == pytest.approx(3 * math.log(97))
    scores[0, :2, 1] = 1.0
    assert workload.metric_sums(scores, labels)["accuracy"].item() == pytest.approx(2 / 4)


def test_a_character_is_predicted_from_the_ones_before_it_only() -> None:
    model = WORKLOADS["pydoc-charlm"].make_model(1)
    text = torch.randint(0, 97, (1, 64), generator=torch.Generator().manual_seed(1))
    changed = text.clone()
    changed[0, 40:] = 3
    before, after = model(text), model(changed)
    assert torch.allclose(before[:, :40], after[:, :40], atol=1e-6)
    assert not torch.allclose(before[:, 40:], after[:, 40:], atol=1e-3)


def test_this_pythons_text_is_named_by_its_hash() -> None:
    assert WORKLOADS["pydoc-charlm"].facts.source.startswith(BUILT_IN["pydoc-charlm"].source)
    assert len(WORKLOADS["pydoc-charlm"].facts.source.rpartition(" text ")[2]) == 8


def test_a_workload_is_available_where_the_supervisor_says_so(tmp_path: Path) -> None:
    """The supervisor answers without torch, the workload by itself: they agree."""
    (tmp_path / "cifar-100").mkdir()
    (tmp_path / "cifar-100" / "cifar-100-binary.tar.gz").touch()
    for places in (
        DataPlaces(cache_dir=tmp_path, other_dirs=()),
        DataPlaces(cache_dir=tmp_path),
        DataPlaces(cache_dir=tmp_path, data_dir=tmp_path),
    ):
        available = {name for name, one in WORKLOADS.items() if one.available(places)}
        assert available == set(within_reach(places))
