"""What Lightning wants to be given; importing this imports Lightning."""

from collections.abc import Callable, Iterator

import lightning
import torch
from torch import Tensor, nn


class Module(lightning.LightningModule):
    """A model, its loss and its optimiser."""

    def __init__(self, model: nn.Module, *, rate: float, beta: float) -> None:
        super().__init__()
        self.model = model
        self._rate = rate
        self._beta = beta

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        inputs, labels = batch
        loss = nn.functional.cross_entropy(self.model(inputs), labels)
        self.log_dict(
            {"batch_loss": loss, "learning_rate": self._rate, "batch_size": float(len(labels))}
        )
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.model.parameters(), lr=self._rate, momentum=self._beta)


class Stamps(lightning.Callback):
    """When the steps began and ended."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.began_s = self.ended_s = 0.0

    def on_train_epoch_start(self, *_: object) -> None:
        self.began_s = self._clock()

    def on_train_epoch_end(self, *_: object) -> None:
        self.ended_s = self._clock()


class Loader:
    """So many batches, as something with a length."""

    def __init__(
        self, batches: Callable[[int], Iterator[tuple[Tensor, Tensor]]], steps: int
    ) -> None:
        self._batches = batches
        self._steps = steps

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return self._batches(self._steps)

    def __len__(self) -> int:
        return self._steps
