"""ResNet-18 at 32x32 as the worker trains it on a GPU, and as a plain script does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from worker.data.places import DataPlaces
from worker.training.arithmetic import Arithmetic
from worker.training.learner import Learner
from worker.workloads import WORKLOADS
from worker.workloads.augmentation import crop_flip_rotate
from worker.workloads.contract import Splits, TrainingWorkload

WORKLOAD = "cifar10-resnet18"
RATE = 0.01
BETA = 0.9
SEED = 1
LOADER_WORKERS = 4


class SyntheticImages:
    """The workload with random bytes in place of images that are not here: as many, as large."""

    def __init__(self, workload: TrainingWorkload) -> None:
        self._workload = workload

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the workload has
        return getattr(self._workload, name)

    def load(self, _: DataPlaces) -> Splits:
        facts = self._workload.facts
        generator = torch.Generator().manual_seed(SEED)
        sizes: Mapping[str, int] = {
            "training": facts.training_samples,
            "validation": facts.validation_samples,
            "test": facts.test_samples,
        }
        return {
            split: (
                torch.randint(0, 256, (size, 3, 32, 32), dtype=torch.uint8, generator=generator),
                torch.randint(0, facts.classes or 1, (size,), generator=generator),
            )
            for split, size in sizes.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """What is trained on, and whether it is real.

    Attributes:
        workload: The model, with real or synthetic data.
        real: Whether the archive was here.
    """

    workload: TrainingWorkload
    real: bool


def images(places: DataPlaces) -> Images:
    """CIFAR-10 where its archive is, random images of the same shape elsewhere."""
    workload = WORKLOADS[WORKLOAD]
    if workload.available(places):
        return Images(workload=workload, real=True)
    return Images(workload=SyntheticImages(workload), real=False)


class OurSteps:
    """The worker's own steps: everything on the device, bf16, channels last, compiled."""

    def __init__(
        self, workload: TrainingWorkload, splits: Splits, batch_sizes: frozenset[int]
    ) -> None:
        training = (splits["training"][0].cuda(), splits["training"][1].cuda())
        self.learner = Learner(
            workload,
            training,
            weights_seed=SEED,
            augmentation_seed=SEED,
            momentum_form="heavy_ball",
            arithmetic=Arithmetic(precision="bfloat16", compiled_sizes=batch_sizes),
        )
        self._order = torch.randperm(len(training[1]), device="cuda")

    def take(self, batch_size: int, steps: int) -> int:
        """So many steps; images seen. Nothing waits for the device."""
        for step in range(steps):
            first = step * batch_size % (len(self._order) - batch_size + 1)
            self.learner.step(
                self._order[first : first + batch_size],
                micro_batches=(batch_size,),
                rate=RATE,
                beta=BETA,
                kept=BETA,
            )
        return steps * batch_size


class Augmented(Dataset[tuple[Tensor, int]]):
    """One image at a time: cropped, mirrored and turned by a loader's process, as with PIL."""

    def __init__(self, inputs: Tensor, labels: Tensor) -> None:
        self._inputs = inputs
        self._labels = labels.tolist()
        self._generator = torch.Generator()

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, place: int) -> tuple[Tensor, int]:
        image = crop_flip_rotate(self._inputs[place].unsqueeze(0), self._generator)
        return image.squeeze(0), self._labels[place]


class PlainSteps:
    """A usual script: DataLoader with four workers, torch's SGD, float32, the loss read a step."""

    def __init__(self, workload: TrainingWorkload, splits: Splits, batch_size: int) -> None:
        self._loss_sum = workload.loss_sum
        self._model: nn.Module = workload.make_model(SEED).cuda()
        self._optimizer = torch.optim.SGD(self._model.parameters(), lr=RATE, momentum=BETA)
        self._loader = DataLoader(
            Augmented(*splits["training"]),
            batch_size=batch_size,
            shuffle=True,
            drop_last=True,
            num_workers=LOADER_WORKERS,
            pin_memory=True,
            persistent_workers=True,
        )
        self._batches = self._endless()

    def take(self, steps: int) -> int:
        """So many steps; images seen."""
        seen = 0
        for _ in range(steps):
            inputs, labels = next(self._batches)
            self._optimizer.zero_grad()
            outputs = self._model(inputs.cuda(non_blocking=True))
            loss = self._loss_sum(outputs, labels.cuda(non_blocking=True)) / len(labels)
            loss.backward()
            self._optimizer.step()
            loss.item()
            seen += len(labels)
        return seen

    def _endless(self) -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            yield from self._loader
