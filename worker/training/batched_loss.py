"""Losses of several members at once, and their slopes at the models' outputs."""

from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from worker.training.arithmetic import LossSum

_aten = torch.ops.aten


class BatchedLoss(Protocol):
    """What a chain's outputs are compared with, and how."""

    def targets(self, labels: Tensor, weight: float) -> Tensor:
        """What is needed of some labels, for many steps at once.

        Args:
            labels: Of any number of items; their order is kept.
            weight: Of an item's loss.
        """

    def __call__(self, outputs: Tensor, targets: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """Each member's weighted losses, summed, and their slopes at the outputs.

        Args:
            outputs: (members, items, classes).
            targets: (members, items, ...), as made with the same weight.
            weight: Of an item's loss.
        """


def batched_loss(loss_sum: LossSum, outputs: Tensor, labels: Tensor) -> BatchedLoss:
    """By hand where the loss is cross entropy, else through autograd, one member at a time.

    Args:
        loss_sum: Of one member; any number of items.
        outputs: Those of the first few items, to try the loss on.
        labels: Of all items that there are.
    """
    by_class = labels.dim() == 1 and outputs.dim() == 2 and not bool((labels < 0).any())
    if by_class and _is_cross_entropy(loss_sum, outputs, labels[: len(outputs)]):
        return CrossEntropy(outputs)
    return AutogradLoss(loss_sum)


class CrossEntropy:
    """Cross entropy in three operations; its targets are minus the weight at the label, else 0.

    Args:
        outputs: Of a model, as many for an item as there are classes.
    """

    def __init__(self, outputs: Tensor) -> None:
        self._one_hot = torch.eye(outputs.shape[-1], dtype=outputs.dtype, device=outputs.device)

    def targets(self, labels: Tensor, weight: float) -> Tensor:
        """One row for each item, as wide as there are classes."""
        return self._one_hot.index_select(0, labels).mul_(-weight)

    def __call__(
        self,
        outputs: Tensor,
        targets: Tensor,
        weight: float,  # noqa: ARG002 - the targets hold it
    ) -> tuple[Tensor, Tensor]:
        """The slope is the softmax, less 1 at the label, times the weight."""
        members = len(outputs)
        logarithms = torch.log_softmax(outputs, 2)
        losses = torch.bmm(
            logarithms.reshape(members, 1, -1), targets.reshape(members, -1, 1)
        ).view(members)
        slopes: Tensor = _aten._log_softmax_backward_data(targets, logarithms, 2, outputs.dtype)
        return losses, slopes


class AutogradLoss:
    """Any loss, as the workload computes it for one member; its targets are the labels."""

    def __init__(self, loss_sum: LossSum) -> None:
        self._loss_sum = loss_sum

    def targets(self, labels: Tensor, weight: float) -> Tensor:  # noqa: ARG002 - enters later
        """The labels as they are."""
        return labels

    def __call__(self, outputs: Tensor, targets: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """The losses of all members, and the slopes of each at its own outputs."""
        with torch.enable_grad():
            leaf = outputs.detach().requires_grad_()
            parts = [self._loss_sum(own, label) for own, label in zip(leaf, targets, strict=True)]
            losses = torch.stack(parts) * weight
            (slopes,) = torch.autograd.grad(losses.sum(), leaf)
        return losses.detach(), slopes


_PLAIN: dict[str, Any] = {
    "weight": None,
    "size_average": None,
    "ignore_index": -100,
    "reduce": None,
    "reduction": "sum",
    "label_smoothing": 0.0,
}
"""Cross entropy's arguments, besides outputs and labels, as it is computed by hand here."""


class _Calls(TorchFunctionMode):
    """Writes down which torch functions are called from outside of torch."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any]] = []

    def __torch_function__(
        self,
        func: Any,  # noqa: ANN401 - as torch has it
        types: Any,  # noqa: ANN401
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        result = func(*args, **(kwargs or {}))
        self.calls.append((func, args, kwargs or {}, result))
        return result


def _is_cross_entropy(loss_sum: LossSum, outputs: Tensor, labels: Tensor) -> bool:
    """Whether the loss is one plain call of torch's cross entropy, and nothing else.

    Watched rather than asked: a workload that comes as a plug-in has no way to say so.
    """
    with _Calls() as watched:
        loss = loss_sum(outputs, labels)
    if len(watched.calls) != 1:
        return False
    func, args, kwargs, result = watched.calls[0]
    given = dict(zip(("input", "target"), args, strict=False)) | kwargs
    plain = _PLAIN | {"input": outputs, "target": labels}
    return (
        func is nn.functional.cross_entropy
        and result is loss
        and given.keys() <= plain.keys()
        and all(given.get(name) is plain[name] for name in ("input", "target"))
        and all(given.get(name, value) == value for name, value in _PLAIN.items())
        and given.get("reduction") == "sum"
    )
