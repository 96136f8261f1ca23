"""Losses of several members at once, and their slopes at the models' outputs."""

from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from worker.training.arithmetic import LossSum

_aten = torch.ops.aten


class BatchedLoss(Protocol):
    """What a chain's outputs are compared with, and how.

    Outputs are (members, items, classes), and quickest when their items lie side by side in
    memory: a softmax over ten classes that lie so takes twenty times as long.
    """

    def targets(self, labels: Tensor, weight: float) -> Tensor:
        """What is needed of some labels, for many steps at once.

        Args:
            labels: (..., items); their order is kept.
            weight: Of an item's loss.
        """

    def sums(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Each member's losses, summed; nothing is differentiated.

        Args:
            outputs: Of all members for the same items.
            labels: Of these items.
        """

    def __call__(self, outputs: Tensor, targets: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """Each member's weighted losses, summed, and their slopes at the outputs.

        Args:
            outputs: Of each member for items of its own.
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
        """(..., items, classes), the items side by side in memory."""
        rows = self._one_hot.index_select(0, labels.reshape(-1)).mul_(-weight)
        by_class = rows.view(*labels.shape, -1).transpose(-1, -2)
        return by_class.contiguous().transpose(-1, -2)

    def sums(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """In one call."""
        losses = nn.functional.cross_entropy(
            outputs.transpose(1, 2), labels.expand(len(outputs), -1), reduction="none"
        )
        return losses.sum(1)

    def __call__(
        self,
        outputs: Tensor,
        targets: Tensor,
        weight: float,  # noqa: ARG002 - the targets hold it
    ) -> tuple[Tensor, Tensor]:
        """The slope is the softmax, less 1 at the label, times the weight."""
        members = len(outputs)
        by_class, wanted = outputs.transpose(1, 2), targets.transpose(1, 2)
        logarithms = torch.log_softmax(by_class, 1)
        losses = torch.bmm(logarithms.reshape(members, 1, -1), wanted.reshape(members, -1, 1)).view(
            members
        )
        slopes = _aten._log_softmax_backward_data(wanted, logarithms, 1, outputs.dtype)
        return losses, slopes.transpose(1, 2)


class AutogradLoss:
    """Any loss, as the workload computes it for one member; its targets are the labels."""

    def __init__(self, loss_sum: LossSum) -> None:
        self._loss_sum = loss_sum

    def targets(self, labels: Tensor, weight: float) -> Tensor:  # noqa: ARG002 - enters later
        """The labels as they are."""
        return labels

    def sums(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """As the workload computes them."""
        return torch.stack([self._loss_sum(own, labels) for own in outputs.contiguous()])

    def __call__(self, outputs: Tensor, targets: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """The losses of all members, and the slopes of each at its own outputs."""
        with torch.enable_grad():
            leaf = outputs.detach().contiguous().requires_grad_()
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
