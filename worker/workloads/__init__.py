"""Workloads that this worker can train, by name."""

from planner.pilots.workload import BUILT_IN
from worker.workloads.cifar_resnet18 import CIFAR_10_DATA, CIFAR_100_DATA, CifarResNet18
from worker.workloads.contract import TrainingWorkload
from worker.workloads.digits_mlp import DigitsMlp
from worker.workloads.fashion_models import FashionCnn, FashionMlp
from worker.workloads.mnist1d_mlp import Mnist1dMlp
from worker.workloads.pydoc_charlm import PydocCharlm

_BUILT_IN: tuple[TrainingWorkload, ...] = (
    DigitsMlp(),
    Mnist1dMlp(),
    PydocCharlm(),
    FashionMlp("fmnist10k-mlp"),
    FashionCnn("fmnist6k-cnn"),
    FashionMlp("fashion-mnist-mlp"),
    CifarResNet18(BUILT_IN["cifar10-resnet18"], CIFAR_10_DATA, norm="batch"),
    CifarResNet18(BUILT_IN["cifar10-resnet18-groupnorm"], CIFAR_10_DATA, norm="group"),
    CifarResNet18(BUILT_IN["cifar100-resnet18"], CIFAR_100_DATA, norm="batch"),
    CifarResNet18(BUILT_IN["cifar100-resnet18-groupnorm"], CIFAR_100_DATA, norm="group"),
)

WORKLOADS: dict[str, TrainingWorkload] = {workload.name: workload for workload in _BUILT_IN}
"""Built-in workloads; the planner's catalogue states their sizes."""
