"""Handwritten digits, 1,797 images of 8x8 pixels, and a small multi-layer perceptron."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from planner.workload import BUILT_IN
from worker.data.places import DataPlaces
from worker.workloads.contract import Splits

NAME = "digits-mlp"
SPLITS = {"training": 1078, "validation": 359, "test": 360}
"""Samples of the fixed, stratified three-way split, 60 / 20 / 20 % of 1,797."""

_SPLIT_SEED = 20250805
"""Drawn once and never changed: another value would be another workload."""

_BRIGHTEST = 16.0
"""Pixels are whole numbers from 0 to 16."""

Arrays = dict[str, tuple[NDArray[np.float32], NDArray[np.int64]]]


class DigitsMlp:
    """64-64-64-10 perceptron with ReLU and cross entropy; no normalisation, no augmentation."""

    name = NAME
    facts = BUILT_IN[NAME]
    augmentation = None

    def available(self, places: DataPlaces) -> bool:  # noqa: ARG002 - they come with scikit-learn
        """Always: the images come with the installation."""
        return True

    def load(self, places: DataPlaces) -> Splits:
        """The three splits, from .npy files that the first call prepares."""
        folder = places.cache_dir / f"{NAME}-{_SPLIT_SEED}"
        if not folder.is_dir():
            _prepare(folder)
        return {
            split: (
                torch.from_numpy(np.load(folder / f"{split}-inputs.npy", allow_pickle=False)),
                torch.from_numpy(np.load(folder / f"{split}-labels.npy", allow_pickle=False)),
            )
            for split in SPLITS
        }

    def make_model(self, seed: int) -> nn.Module:
        """A fresh perceptron; the global generator is left as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return nn.Sequential(
                nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)
            )

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Cross entropy, summed over the items."""
        return nn.functional.cross_entropy(outputs, labels, reduction="sum")

    def metric_sums(self, outputs: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
        """Accuracy: items whose largest output is the label."""
        return {"accuracy": (outputs.argmax(dim=1) == labels).sum()}


def _prepare(folder: Path) -> None:
    """Writes the arrays beside ``folder`` and renames: whoever comes second changes nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    for split, (inputs, labels) in _split_digits().items():
        np.save(unfinished / f"{split}-inputs.npy", inputs)
        np.save(unfinished / f"{split}-labels.npy", labels)
    try:
        os.rename(unfinished, folder)  # noqa: PTH104 - says what it relies on: it is atomic
    except OSError:
        shutil.rmtree(unfinished)
        if not folder.is_dir():
            raise


def _split_digits() -> Arrays:
    # Imported here: it takes a second, and only the first run on a machine needs it.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, digits = load_digits(return_X_y=True)
    inputs = (pixels / _BRIGHTEST).astype(np.float32)
    labels = digits.astype(np.int64)
    training, rest = train_test_split(
        np.arange(len(labels)),
        train_size=SPLITS["training"],
        stratify=labels,
        random_state=_SPLIT_SEED,
    )
    validation, test = train_test_split(
        rest, train_size=SPLITS["validation"], stratify=labels[rest], random_state=_SPLIT_SEED
    )
    chosen = {"training": training, "validation": validation, "test": test}
    return {split: (inputs[indices], labels[indices]) for split, indices in chosen.items()}
