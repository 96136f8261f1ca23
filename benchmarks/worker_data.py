"""Batches by one permuted gather, against torch's DataLoader that fetches sample by sample."""

import time
from pathlib import Path

from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.turns import seconds_each, take_turns
from benchmarks.worker_loops import training_data
from worker.training.sampler import Sampler, SamplerState

TURNS = 20
EPOCHS = 3
BATCH_SIZES = (16, 128)


def compare_all(folder: Path) -> None:
    """Prints seconds of an epoch of each, without any training."""
    inputs, labels = training_data(folder)
    for batch_size in BATCH_SIZES:
        sampler = Sampler(
            samples=len(labels), state=SamplerState(seed=1, epoch=0, cursor=0), device="cpu"
        )
        loader = DataLoader(TensorDataset(inputs, labels), batch_size=batch_size, shuffle=True)

        def gather(epochs: int, sampler: Sampler = sampler, batch_size: int = batch_size) -> int:
            for _ in range(epochs):
                for first in range(0, len(labels), batch_size):
                    chosen = sampler.take(min(batch_size, len(labels) - first))
                    inputs.index_select(0, chosen)
                    labels.index_select(0, chosen)
            return epochs

        def load(epochs: int, loader: "DataLoader[tuple[Tensor, ...]]" = loader) -> int:
            for _ in range(epochs):
                for _batch in loader:
                    pass
            return epochs

        turns = take_turns(
            seconds_each(gather, EPOCHS, time.thread_time),
            {"loader": seconds_each(load, EPOCHS, time.thread_time)},
            turns=TURNS,
        )
        print(
            f"data, batch {batch_size}: gather {turns.reference_s * 1e3:.2f} ms an epoch, "
            f"DataLoader {turns.seconds('loader') * 1e3:.2f} ms, "
            f"ratio {turns.ratio('loader'):.1f} (aim >= 3), A/A {turns.noise:.3f}",
            flush=True,
        )
