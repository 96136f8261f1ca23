"""Losses of several members at once, and their slopes at the models' outputs."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from worker.arithmetic import LossSum

BatchedLoss = Callable[[Tensor, Tensor, float], tuple[Tensor, Tensor]]
"""(outputs: members x items x classes, labels: one member's after the other, weight of an item)
-> (sum of each member's losses, slopes at the outputs, times the weight)."""


def batched_loss(loss_sum: LossSum, outputs: Tensor, labels: Tensor) -> BatchedLoss:
    """By hand where the loss is cross entropy, else through autograd, one member at a time.

    Args:
        loss_sum: Of one member; any number of items.
        outputs: Those of the first few items, to try the loss on.
        labels: Of all items that there are.
    """
    by_class = labels.dim() == 1 and outputs.dim() == 2 and not bool((labels < 0).any())
    if by_class and _is_cross_entropy(loss_sum, outputs, labels[: len(outputs)]):
        return cross_entropy
    return AutogradLoss(loss_sum)


def cross_entropy(outputs: Tensor, labels: Tensor, weight: float) -> tuple[Tensor, Tensor]:
    """Cross entropy: its slope is the softmax, less 1 at the label."""
    chosen = labels.view(outputs.shape[0], -1, 1)
    logarithms = torch.log_softmax(outputs, 2)
    losses = logarithms.gather(2, chosen).flatten(1).sum(1).neg_()
    slopes = logarithms.exp_().mul_(weight)
    slopes.scatter_add_(2, chosen, slopes.new_full((), -weight).expand(chosen.shape))
    return losses, slopes


class AutogradLoss:
    """Any loss, as the workload computes it for one member."""

    def __init__(self, loss_sum: LossSum) -> None:
        self._loss_sum = loss_sum

    def __call__(self, outputs: Tensor, labels: Tensor, weight: float) -> tuple[Tensor, Tensor]:
        """The losses of all members, and the slopes of each at its own outputs."""
        theirs = labels.chunk(len(outputs))
        with torch.enable_grad():
            leaf = outputs.detach().requires_grad_()
            parts = [self._loss_sum(own, label) for own, label in zip(leaf, theirs, strict=True)]
            losses = torch.stack(parts)
            (slopes,) = torch.autograd.grad(losses, leaf, torch.full_like(losses, weight))
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
