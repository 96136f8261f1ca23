"""Handwritten digits, 1,797 images of 8x8 pixels, as scikit-learn brings them along."""

import numpy as np

from worker.workloads.prepared import Arrays

CACHE_NAME = "digits-mlp-20250805"

_SPLIT_SEED = 20250805
"""Drawn once and never changed: another value would be another workload."""

_TRAINING, _VALIDATION = 1078, 359
"""Samples of the fixed, stratified three-way split, 60 / 20 / 20 % of 1,797."""

_BRIGHTEST = 16.0
"""Pixels are whole numbers from 0 to 16."""


def split_digits() -> Arrays:
    """Pixels from 0 to 1, one row an image."""
    # Imported here: it takes a second, and only the first run on a machine needs it.
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, digits = load_digits(return_X_y=True)
    inputs = (pixels / _BRIGHTEST).astype(np.float32)
    labels = digits.astype(np.int64)
    training, rest = train_test_split(
        np.arange(len(labels)), train_size=_TRAINING, stratify=labels, random_state=_SPLIT_SEED
    )
    validation, test = train_test_split(
        rest, train_size=_VALIDATION, stratify=labels[rest], random_state=_SPLIT_SEED
    )
    chosen = {"training": training, "validation": validation, "test": test}
    return {split: (inputs[indices], labels[indices]) for split, indices in chosen.items()}
