"""ResNet-18 on CIFAR-10 and CIFAR-100: the paper's setting (arXiv 2508.03105)."""

from dataclasses import dataclass

from torch import nn

from planner.pilots.workload import Workload
from worker.data.places import DataPlaces, find, found
from worker.data.sets import CIFAR_10, CIFAR_100, DataSet
from worker.workloads.augmentation import crop_flip_rotate
from worker.workloads.cifar import (
    CIFAR_10_LAYOUT,
    CIFAR_100_LAYOUT,
    SPLIT_SEED,
    CifarLayout,
    check_archive,
    split_cifar,
)
from worker.workloads.classification import Classification
from worker.workloads.contract import Augmentation
from worker.workloads.models.resnet import Norm, ResNet18
from worker.workloads.prepared import Arrays


@dataclass(frozen=True, slots=True, kw_only=True)
class Cifar:
    """One of the two data sets.

    Attributes:
        published: Its archive.
        layout: What is in it.
        mean: Of each channel over the published training images, pixels scaled to 0..1.
        deviation: Standard deviation, likewise.
    """

    published: DataSet
    layout: CifarLayout
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


CIFAR_10_DATA = Cifar(
    published=CIFAR_10,
    layout=CIFAR_10_LAYOUT,
    mean=(0.4914, 0.4822, 0.4465),
    deviation=(0.2470, 0.2435, 0.2616),
)

CIFAR_100_DATA = Cifar(
    published=CIFAR_100,
    layout=CIFAR_100_LAYOUT,
    mean=(0.5071, 0.4865, 0.4409),
    deviation=(0.2673, 0.2564, 0.2762),
)


class CifarResNet18(Classification):
    """ResNet-18 with a 3x3 stem, cropped, mirrored and turned images, cross entropy.

    Args:
        facts: Name, and how many samples each split has.
        data: Which of the two sets.
        norm: BatchNorm or GroupNorm.
    """

    def __init__(self, facts: Workload, data: Cifar, *, norm: Norm) -> None:
        self.facts = facts
        self._data = data
        self._norm = norm

    @property
    def cache_name(self) -> str:
        """The bytes of the images; both norms share them."""
        sizes = f"{self.facts.training_samples}-{self.facts.validation_samples}"
        return f"{self._data.published.name}-{sizes}-{SPLIT_SEED}"

    @property
    def augmentation(self) -> Augmentation:
        """As in the paper's setting."""
        return crop_flip_rotate

    def available(self, places: DataPlaces) -> bool:
        """Whether the archive lies where it is looked for."""
        return find(self._data.published, places) is not None

    def arrays(self, places: DataPlaces) -> Arrays:
        """Read from the published binary archive."""
        (file,) = self._data.published.files
        archive = found(self._data.published, places)[file.name]
        check_archive(archive, file.md5)
        return split_cifar(
            archive,
            self._data.layout,
            training=self.facts.training_samples,
            validation=self.facts.validation_samples,
        )

    def network(self) -> nn.Module:
        """A fresh ResNet-18; bytes become channels in its first layer."""
        return ResNet18(
            classes=self.classes,
            norm=self._norm,
            mean=self._data.mean,
            deviation=self._data.deviation,
        )
