"""Training loops of other frameworks, given the very same batches: only the loop is compared."""

import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

Batches = Callable[[int], Iterator[tuple[Tensor, Tensor]]]
"""So many batches of inputs and labels, epoch after epoch."""

Clock = Callable[[], float]

LoopSeconds = Callable[[int, Clock], float]
"""Seconds a step of so many steps; what comes before the first step is not counted."""


def lightning_loop(
    folder: Path, model: nn.Module, batches: Batches, *, rate: float, beta: float
) -> LoopSeconds:
    """Lightning's Trainer; loss, rate and batch size logged every step by its CSV logger."""
    import lightning
    from lightning.pytorch.loggers import CSVLogger

    from benchmarks.peers.lightning_parts import Loader, Module, Stamps

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")

    def seconds(steps: int, clock: Clock) -> float:
        stamps = Stamps(clock)
        trainer = lightning.Trainer(
            accelerator="cpu",
            max_epochs=1,
            logger=CSVLogger(folder),
            log_every_n_steps=1,
            callbacks=[stamps],
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(Module(model, rate=rate, beta=beta), Loader(batches, steps))
        return (stamps.ended_s - stamps.began_s) / steps

    return seconds


def accelerate_loop(
    _: Path, model: nn.Module, batches: Batches, *, rate: float, beta: float
) -> LoopSeconds:
    """Accelerate's loop as its documentation writes it; it logs nothing."""
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=True)
    plain = torch.optim.SGD(model.parameters(), lr=rate, momentum=beta)
    prepared, optimizer = accelerator.prepare(model, plain)

    def seconds(steps: int, clock: Clock) -> float:
        began = clock()
        for inputs, labels in batches(steps):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(prepared(inputs), labels)
            accelerator.backward(loss)
            optimizer.step()
        return (clock() - began) / steps

    return seconds


LOOPS = {"lightning": lightning_loop, "accelerate": accelerate_loop}
"""By the name of the package."""
