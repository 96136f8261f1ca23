"""Breast cancer, 569 tumours by 30 measurements, and a small perceptron.

The data come with scikit-learn (UCI, CC BY 4.0). Nothing of Paybatch is imported: it looks for
the names in this module. Replace each of them by your own.
"""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

source = "scikit-learn breast cancer (UCI Wisconsin diagnostic), CC BY 4.0"
"""Optional: shown beside the workload."""

directions = {"brier": "below"}
"""For each metric of your own: "below" if lower is better, "above" if higher is."""

SPLIT_SEED = 20250805


def load() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Inputs and labels of the three splits, the same at every call."""
    measured, benign = load_breast_cancer(return_X_y=True)
    training, rest = train_test_split(
        np.arange(len(benign)), train_size=0.6, stratify=benign, random_state=SPLIT_SEED
    )
    validation, test = train_test_split(
        rest, train_size=0.5, stratify=benign[rest], random_state=SPLIT_SEED
    )
    middle, spread = measured[training].mean(axis=0), measured[training].std(axis=0)
    scaled = (measured - middle) / spread
    parts = {"training": training, "validation": validation, "test": test}
    return {name: (scaled[chosen], benign[chosen]) for name, chosen in parts.items()}


def make_model() -> nn.Module:
    """A fresh model; its weights come from torch's global generator, which is seeded before."""
    return nn.Sequential(nn.Linear(30, 32), nn.ReLU(), nn.Linear(32, 2))


def metrics(outputs: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """One value per sample of each metric; their means are reported.

    Optional: without it, accuracy is measured where labels are classes.
    """
    share_benign = outputs.softmax(dim=1)[:, 1]
    return {
        "accuracy": (outputs.argmax(dim=1) == labels).float(),
        "brier": (share_benign - labels).square(),
    }
