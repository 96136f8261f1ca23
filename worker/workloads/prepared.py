"""Arrays of a data set, split once and kept as .npy files: nothing that can run code is opened."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from worker.workloads.contract import Splits

SPLITS = ("training", "validation", "test")

Arrays = Mapping[str, tuple[NDArray[Any], NDArray[np.int64]]]
"""Inputs and labels by split."""

log = logging.getLogger(__name__)


def prepared_splits(folder: Path, read: Callable[[], Arrays]) -> Splits:
    """The splits kept in a folder; the first call reads the data set and fills it.

    So does a call that finds something there that cannot be read, or that is no plain array.

    Args:
        folder: Named after all that the arrays depend on.
        read: Reads and splits the data set; called only when nothing is kept.
    """
    if folder.is_dir():
        try:
            return _kept(folder)
        except (OSError, ValueError, EOFError, MemoryError) as error:
            log.warning("%s is prepared anew: %s", folder.name, error)
            shutil.rmtree(folder)
    _prepare(folder, read())
    return _kept(folder)


def _kept(folder: Path) -> Splits:
    return {
        split: (
            torch.from_numpy(np.load(folder / f"{split}-inputs.npy", allow_pickle=False)),
            torch.from_numpy(np.load(folder / f"{split}-labels.npy", allow_pickle=False)),
        )
        for split in SPLITS
    }


def _prepare(folder: Path, arrays: Arrays) -> None:
    """Writes the arrays beside ``folder`` and renames: whoever comes second changes nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        for split in SPLITS:
            inputs, labels = arrays[split]
            np.save(unfinished / f"{split}-inputs.npy", inputs)
            np.save(unfinished / f"{split}-labels.npy", labels)
        os.rename(unfinished, folder)  # noqa: PTH104 - says what it relies on: it is atomic
    except OSError:
        shutil.rmtree(unfinished)
        if not folder.is_dir():
            raise
