"""A model that is a chain of linear layers and activations, taken apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import torch
from torch import nn

ACTIVATIONS = (nn.ReLU, nn.Tanh, nn.GELU)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One linear layer and what its outputs pass through.

    Attributes:
        inputs: Numbers that an item brings.
        outputs: Numbers that an item leaves with.
        has_bias: Whether a number is added to each output.
        activation: One of `ACTIVATIONS`; None where the outputs are passed on as they are.
    """

    inputs: int
    outputs: int
    has_bias: bool
    activation: nn.Module | None


def layers_of(model: nn.Module, item_shape: Sequence[int]) -> tuple[Layer, ...] | None:
    """The layers of a chain, in their order; None for any other model.

    A module that is more than it seems (a subclass, a hook, a shared parameter) makes a model
    another one: what is not known to be a chain is none.

    Args:
        model: All of its parameters are trained, and none is used twice.
        item_shape: Of one sample.
    """
    modules = list(_chain(model))
    if not _is_plain(model, modules):
        return None
    if modules and isinstance(flatten := modules[0], nn.Flatten):
        if type(flatten) is not nn.Flatten or (flatten.start_dim, flatten.end_dim) != (1, -1):
            return None
        modules = modules[1:]
        item_shape = (prod(item_shape),)
    if len(item_shape) != 1 or not modules:
        return None
    return _layers(modules)


def _chain(module: nn.Module) -> Iterator[nn.Module]:
    """The modules that data pass through, one after the other."""
    if type(module) is nn.Sequential and not _is_hooked(module):
        for part in module:
            yield from _chain(part)
    elif type(module) is not nn.Identity:
        yield module


def _is_plain(model: nn.Module, modules: Sequence[nn.Module]) -> bool:
    """Whether nothing but the modules' own forward passes and parameters is at work."""
    theirs = sum(len(list(module.parameters())) for module in modules)
    return (
        not any(map(_is_hooked, model.modules()))
        and theirs == len(list(model.parameters()))
        and all(parameter.dtype == torch.float32 for parameter in model.parameters())
    )


def _is_hooked(module: nn.Module) -> bool:
    return any(
        getattr(module, name)
        for name in (
            "_forward_hooks",
            "_forward_pre_hooks",
            "_backward_hooks",
            "_backward_pre_hooks",
        )
    )


def _layers(modules: Sequence[nn.Module]) -> tuple[Layer, ...] | None:
    """Each linear layer with the activation behind it; two in a row are not known here."""
    layers = []
    waiting = list(modules)
    while waiting:
        linear = waiting.pop(0)
        if not isinstance(linear, nn.Linear) or type(linear) is not nn.Linear:
            return None
        activation = None
        if waiting and isinstance(waiting[0], ACTIVATIONS) and type(waiting[0]) in ACTIVATIONS:
            activation = waiting.pop(0)
        layers.append(
            Layer(
                inputs=linear.in_features,
                outputs=linear.out_features,
                has_bias=linear.bias is not None,
                activation=activation,
            )
        )
    return tuple(layers)
