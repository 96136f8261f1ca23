"""Settings that suit each built-in workload: what a plan begins with when one is chosen."""

from dataclasses import dataclass

from planner.bounds import check_at_least, check_positive
from planner.pilots.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualSetting:
    """How a workload is usually trained today, and a target that such a run reaches on its way.

    Attributes:
        epochs: Of a run.
        batch_size: Constant, of the baseline; candidates begin with it.
        learning_rate: First one, of heavy-ball momentum at 0.9, decaying by a cosine.
        target: What ends the race.
        measured: Whether a baseline at this setting was seen to reach the target.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    target: Target
    measured: bool = True

    def __post_init__(self) -> None:
        check_at_least(self.epochs, 1, "epochs")
        check_at_least(self.batch_size, 1, "batch_size")
        check_positive(self.learning_rate, "learning_rate")


def _train_loss(value: float) -> Target:
    return Target(metric="train_loss", value=value, direction="below", sustained_evaluations=2)


def _accuracy(value: float) -> Target:
    return Target(
        metric="validation_accuracy", value=value, direction="above", sustained_evaluations=2
    )


_RESNET_ON_CIFAR10 = UsualSetting(
    epochs=300, batch_size=128, learning_rate=0.1, target=_accuracy(0.9), measured=False
)
_RESNET_ON_CIFAR100 = UsualSetting(
    epochs=300, batch_size=128, learning_rate=0.1, target=_accuracy(0.7), measured=False
)

USUAL: dict[str, UsualSetting] = {
    "digits-mlp": UsualSetting(
        epochs=20, batch_size=8, learning_rate=0.02, target=_train_loss(0.02)
    ),
    "mnist1d-mlp": UsualSetting(
        epochs=30, batch_size=16, learning_rate=0.04, target=_train_loss(0.1)
    ),
    "fmnist10k-mlp": UsualSetting(
        epochs=12, batch_size=16, learning_rate=0.01, target=_train_loss(0.3)
    ),
    "fmnist6k-cnn": UsualSetting(
        epochs=12, batch_size=16, learning_rate=0.01, target=_train_loss(0.15)
    ),
    "fashion-mnist-mlp": UsualSetting(
        epochs=12, batch_size=16, learning_rate=0.01, target=_train_loss(0.25), measured=False
    ),
    "pydoc-charlm": UsualSetting(
        epochs=6, batch_size=4, learning_rate=0.1, target=_train_loss(1.9), measured=False
    ),
    "cifar10-resnet18": _RESNET_ON_CIFAR10,
    "cifar10-resnet18-groupnorm": _RESNET_ON_CIFAR10,
    "cifar100-resnet18": _RESNET_ON_CIFAR100,
    "cifar100-resnet18-groupnorm": _RESNET_ON_CIFAR100,
}
"""By name. Rates and batches are those that 340 runs settled on; ResNet-18 has the paper's (batch
128, rate 0.1, 300 epochs), whose targets nobody measured here."""
