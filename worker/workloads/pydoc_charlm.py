"""A character language model on Python's reference text."""

from collections.abc import Mapping
from dataclasses import replace

from torch import Tensor, nn

from planner.pilots.workload import BUILT_IN
from worker.data.places import DataPlaces
from worker.data.reference_text import reference_text_hash
from worker.workloads.classification import Classification
from worker.workloads.models.transformer import CharacterModel
from worker.workloads.prepared import Arrays
from worker.workloads.pydoc_text import CHARACTERS, LENGTH, SPLIT_SEED, split_text


class PydocCharlm(Classification):
    """Two-layer transformer of width 32; the loss of an item is the mean of its 64 characters."""

    def __init__(self) -> None:
        known = BUILT_IN["pydoc-charlm"]
        self.facts = replace(known, source=f"{known.source}, text {reference_text_hash()}")

    @property
    def cache_name(self) -> str:
        """Another Python version has another text."""
        return f"pydoc-{reference_text_hash()}-{SPLIT_SEED}"

    def arrays(self, places: DataPlaces) -> Arrays:  # noqa: ARG002 - they come with Python
        """Cut from the standard library's text."""
        return split_text()

    def network(self) -> nn.Module:
        """A fresh transformer."""
        return CharacterModel(characters=CHARACTERS, length=LENGTH)

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Mean cross entropy of a sequence's characters, summed over the sequences."""
        characters = nn.functional.cross_entropy(
            outputs.flatten(0, 1), labels.flatten(), reduction="sum"
        )
        return characters / labels.shape[1]

    def metric_sums(self, outputs: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
        """Accuracy: share of a sequence's characters that are foreseen."""
        hits = outputs.argmax(dim=2) == labels
        return {"accuracy": hits.sum() / labels.shape[1]}
