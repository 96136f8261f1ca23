"""Chains of several members at once: batched matrix products, and a backward pass by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from worker.training.batched_loss import BatchedLoss
from worker.training.layers import Layer

_aten = torch.ops.aten


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    """One layer of all members; every tensor is a view of the members' flat vectors.

    Attributes:
        weight: (members, outputs, inputs).
        transposed: The same memory, (members, inputs, outputs).
        bias: (members, 1, outputs); None where the layer has none.
        activation: As in the layer.
        is_last: Whether the loss comes next, which wants the items side by side in memory.
        weight_gradient: Shaped like ``weight``.
        bias_gradient: (members, outputs).
    """

    weight: Tensor
    transposed: Tensor
    bias: Tensor | None
    activation: nn.Module | None
    is_last: bool
    weight_gradient: Tensor
    bias_gradient: Tensor | None


class BatchedChain:
    """Computes losses and gradients of all members' chains in one pass.

    Autograd would take about twice as long: at small batches its own work outweighs the products.
    """

    def __init__(
        self, layers: Sequence[Layer], *, parameters: Tensor, gradients: Tensor, loss: BatchedLoss
    ) -> None:
        """Parameters and gradients are (members, numbers of one member), and stay in place."""
        self._stacks = tuple(_stacks(layers, parameters, gradients))
        self._members = len(parameters)
        self._loss = loss

    def targets(self, labels: Tensor, weight: float) -> Tensor:
        """What outputs are compared with, for any number of items."""
        return self._loss.targets(labels, weight)

    @torch.no_grad()
    def gradients(self, inputs: Tensor, targets: Tensor, *, weight: float, add: bool) -> Tensor:
        """Leaves the gradients of all members where they belong; the sums of their losses.

        Args:
            inputs: (members, items, ...).
            targets: (members, items, ...).
            weight: Of an item's loss, in the sums and in the gradients.
            add: Whether to add to the gradients that are there, or to replace them.
        """
        kept = list(self._forward(inputs.flatten(2)))
        losses, slope = self._loss(kept[-1][2], targets, weight)
        for place in range(len(self._stacks) - 1, -1, -1):
            stack = self._stacks[place]
            before, product, after = kept[place]
            slope = _through_activation(stack.activation, slope, product, after)
            _leave_gradients(stack, slope, before, add=add)
            if place:
                slope = torch.bmm(slope, stack.weight)
        return losses

    @torch.no_grad()
    def evaluate(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs of all members for the same items, and the sums of their losses.

        Args:
            inputs: (items, ...).
            labels: Of the items.
        """
        *_, (_, _, outputs) = self._forward(inputs.flatten(1).expand(self._members, -1, -1))
        return outputs, self._loss.sums(outputs, labels)

    def _forward(self, values: Tensor) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """What enters each layer, its products, and what leaves it."""
        for stack in self._stacks:
            before = values
            product = _product(stack, values)
            values = _activated(stack.activation, product)
            yield before, product, values


def _product(stack: _Stack, values: Tensor) -> Tensor:
    if stack.is_last:
        return _product_items_last(stack, values).transpose(1, 2)
    if stack.bias is None:
        return torch.bmm(values, stack.transposed)
    return torch.baddbmm(stack.bias, values, stack.transposed)


def _product_items_last(stack: _Stack, values: Tensor) -> Tensor:
    """(members, outputs, items)."""
    if stack.bias is None:
        return torch.bmm(stack.weight, values.transpose(1, 2))
    return torch.baddbmm(stack.bias.transpose(1, 2), stack.weight, values.transpose(1, 2))


def _activated(activation: nn.Module | None, product: Tensor) -> Tensor:
    match activation:
        case nn.ReLU():
            return product.relu_()  # its slope follows from its outputs
        case nn.Tanh():
            return product.tanh_()
        case nn.GELU():
            return nn.functional.gelu(product, approximate=activation.approximate)
        case _:
            return product


def _through_activation(
    activation: nn.Module | None, slope: Tensor, product: Tensor, after: Tensor
) -> Tensor:
    """The slope of the loss at an activation's inputs, from the one at its outputs."""
    result: Tensor
    match activation:
        case nn.ReLU():
            result = _aten.threshold_backward(slope, after, 0)
        case nn.Tanh():
            result = _aten.tanh_backward(slope, after)
        case nn.GELU():
            result = _aten.gelu_backward(slope, product, approximate=activation.approximate)
        case _:
            result = slope
    return result


def _leave_gradients(stack: _Stack, slope: Tensor, before: Tensor, *, add: bool) -> None:
    """Weight and bias gradients go where they belong, beside or over what is there."""
    of_weight = torch.bmm(slope.transpose(1, 2), before)
    if add:
        stack.weight_gradient.add_(of_weight)
    else:
        stack.weight_gradient.copy_(of_weight)
    if stack.bias_gradient is None:
        return
    if add:
        stack.bias_gradient.add_(slope.sum(1))
    else:
        torch.sum(slope, 1, out=stack.bias_gradient)


def _stacks(layers: Sequence[Layer], parameters: Tensor, gradients: Tensor) -> Iterator[_Stack]:
    """Views of the flat vectors, in the order in which a model lists its parameters."""
    start = 0

    def views(shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
        nonlocal start
        end = start + torch.Size(shape).numel()
        found = tuple(flat[:, start:end].view(-1, *shape) for flat in (parameters, gradients))
        start = end
        return found[0], found[1]

    for place, layer in enumerate(layers, start=1):
        weight, weight_gradient = views((layer.outputs, layer.inputs))
        bias, bias_gradient = views((layer.outputs,)) if layer.has_bias else (None, None)
        yield _Stack(
            weight=weight,
            transposed=weight.transpose(1, 2),
            bias=None if bias is None else bias.unsqueeze(1),
            activation=layer.activation,
            is_last=place == len(layers),
            weight_gradient=weight_gradient,
            bias_gradient=bias_gradient,
        )
