"""The state of a run at the start of its stage: where a divergence sends it back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

_PREFIX = "stage."


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStart:
    """A copy of everything but the momentum buffer, which is empty after a rollback.

    Attributes:
        tensors: As in a checkpoint.
        state: As in a checkpoint.
    """

    tensors: Mapping[str, Tensor]
    state: Mapping[str, Any]

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> "StageStart":
        """Copies the state of a run as it is now."""
        copies = {name: tensor.clone() for name, tensor in tensors.items() if name != "momentum"}
        return cls(tensors=copies, state=dict(state))

    @classmethod
    def within(cls, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> "StageStart | None":
        """The one that a checkpoint carries along; None if it is of the stage's start itself."""
        if "stage" not in state:
            return None
        carried = {
            name.removeprefix(_PREFIX): tensor
            for name, tensor in tensors.items()
            if name.startswith(_PREFIX)
        }
        return cls(tensors=carried, state=state["stage"])

    @property
    def step(self) -> int:
        """Steps done at the start of the stage."""
        return int(self.state["step"])

    @property
    def tensors_to_save(self) -> dict[str, Tensor]:
        """Under names of their own beside a checkpoint's: it is then good for a rollback, too.

        The store keeps few checkpoints, and that of the stage's start may be gone by then.
        """
        return {f"{_PREFIX}{name}": tensor for name, tensor in self.tensors.items()}
