"""Any model without chance, for several members at once, by torch's ``vmap``."""

from collections.abc import Mapping

import torch

# Autograd imports this at a process's first weighted `autograd.grad`, in its first step,
# which takes 0.25 s; imported here, the program that trainers are forked from has it already.
import torch.fx.experimental.symbolic_shapes
from torch import Tensor, nn
from torch.func import functional_call, vmap

from worker.training.arithmetic import LossSum


class MappedModel:
    """Computes losses and gradients of all members' models in one pass.

    Anything random in the model makes ``vmap`` raise a RuntimeError.
    """

    def __init__(
        self, model: nn.Module, *, parameters: Tensor, gradients: Tensor, loss_sum: LossSum
    ) -> None:
        """Parameters and gradients are (members, numbers of one member), and stay in place."""
        self._model = model
        self._loss_sum = loss_sum
        self._leaves = {
            name: view.detach().requires_grad_() for name, view in _views(model, parameters).items()
        }
        self._gradients = list(_views(model, gradients).values())
        self._losses_of_all = vmap(self._losses_of_one)
        self._outputs_of_all = vmap(self._outputs_of_one, in_dims=(0, None))

    def targets(self, labels: Tensor, weight: float) -> Tensor:  # noqa: ARG002 - enters later
        """The labels as they are."""
        return labels

    def gradients(self, inputs: Tensor, targets: Tensor, *, weight: float, add: bool) -> Tensor:
        """Leaves the gradients of all members where they belong; the sums of their losses.

        Args:
            inputs: (members, items, ...).
            targets: (members, items, ...).
            weight: Of an item's loss, in the sums and in the gradients.
            add: Whether to add to the gradients that are there, or to replace them.
        """
        losses: Tensor = self._losses_of_all(self._leaves, inputs, targets)
        found = torch.autograd.grad(
            losses,
            list(self._leaves.values()),
            torch.full_like(losses, weight),
            materialize_grads=True,
        )
        for place, gradient in zip(self._gradients, found, strict=True):
            if add:
                place.add_(gradient)
            else:
                place.copy_(gradient)
        return losses.detach() * weight

    @torch.no_grad()
    def evaluate(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs of all members for the same items, and the sums of their losses.

        Args:
            inputs: (items, ...).
            labels: Of the items.
        """
        outputs: Tensor = self._outputs_of_all(self._leaves, inputs)
        return outputs, torch.stack([self._loss_sum(own, labels) for own in outputs])

    def _losses_of_one(
        self, parameters: Mapping[str, Tensor], inputs: Tensor, labels: Tensor
    ) -> Tensor:
        return self._loss_sum(self._outputs_of_one(parameters, inputs), labels)

    def _outputs_of_one(self, parameters: Mapping[str, Tensor], inputs: Tensor) -> Tensor:
        outputs: Tensor = functional_call(self._model, dict(parameters), (inputs,))
        return outputs


def _views(model: nn.Module, flat: Tensor) -> dict[str, Tensor]:
    """The model's trained parameters by name, (members, ...), as views of the flat vectors."""
    views = {}
    start = flat.storage_offset()
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            views[name] = flat.as_strided(
                (len(flat), *parameter.shape), (flat.stride(0), *parameter.stride()), start
            )
            start += parameter.numel()
    return views
