"""ResNet-18 for images of 32 x 32 pixels: a 3x3 stem and no max-pool.

He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (arXiv 1512.03385), with the stem
that is usual for CIFAR. 11,220,132 parameters at 100 classes.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

Norm = Literal["batch", "group"]

_GROUPS = 32
"""Wu & He: Group Normalization (arXiv 1803.08494)."""

_STAGES = ((64, 1), (128, 2), (256, 2), (512, 2))
"""Channels and stride of each stage of two blocks."""

_BRIGHTEST = 255.0

_NORMS: dict[Norm, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "group": lambda channels: nn.GroupNorm(_GROUPS, channels),
}


class ResNet18(nn.Module):
    """(items, 3, 32, 32) pixels from 0 to 255, whole or not -> (items, classes).

    Args:
        classes: Number of outputs.
        norm: BatchNorm as published, or GroupNorm, which does not see who shares a micro-batch.
        mean: Of each channel over the training images, pixels scaled to 0..1.
        deviation: Standard deviation, likewise.
    """

    def __init__(
        self,
        *,
        classes: int,
        norm: Norm,
        mean: tuple[float, float, float],
        deviation: tuple[float, float, float],
    ) -> None:
        super().__init__()
        self.pixels = Pixels(mean, deviation)
        channels = _STAGES[0][0]
        self.stem = _conv_norm(3, channels, stride=1, norm=norm)
        blocks: list[nn.Module] = []
        for width, stride in _STAGES:
            blocks += [
                ResidualBlock(channels, width, stride=stride, norm=norm),
                ResidualBlock(width, width, stride=1, norm=norm),
            ]
            channels = width
        self.blocks = nn.Sequential(*blocks)
        self.classes = nn.Linear(channels, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes."""
        features = self.blocks(self.stem(self.pixels(images)).relu())
        outputs: Tensor = self.classes(features.mean(dim=(2, 3)))
        return outputs


class Pixels(nn.Module):
    """Pixels as they are stored -> channels of mean 0 and deviation 1, on the device."""

    def __init__(
        self, mean: tuple[float, float, float], deviation: tuple[float, float, float]
    ) -> None:
        super().__init__()
        scale = 1 / (_BRIGHTEST * torch.tensor(deviation))
        shift = -torch.tensor(mean) / torch.tensor(deviation)
        self.register_buffer("scale", scale.view(1, 3, 1, 1), persistent=False)
        self.register_buffer("shift", shift.view(1, 3, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """The same shape, as floating-point numbers."""
        scale, shift = self.get_buffer("scale"), self.get_buffer("shift")
        return torch.addcmul(shift, images.to(scale.dtype), scale)


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions, added to their input or to its projection."""

    def __init__(self, inputs: int, outputs: int, *, stride: int, norm: Norm) -> None:
        super().__init__()
        self.first = _conv_norm(inputs, outputs, stride=stride, norm=norm)
        self.second = _conv_norm(outputs, outputs, stride=1, norm=norm)
        if norm == "group":
            # Starts as the shortcut alone, as Wu & He do.
            nn.init.zeros_(self.second.get_submodule("1").get_parameter("weight"))
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = _conv_norm(inputs, outputs, stride=stride, norm=norm, size=1)

    def forward(self, features: Tensor) -> Tensor:
        """Height and width divided by the stride."""
        residual = self.second(self.first(features).relu())
        outputs: Tensor = (residual + self.shortcut(features)).relu()
        return outputs


def _conv_norm(
    inputs: int, outputs: int, *, stride: int, norm: Norm, size: int = 3
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2, bias=False),
        _NORMS[norm](outputs),
    )
