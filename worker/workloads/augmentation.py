"""Random crop, flip and rotation of a whole batch of images at once, on their device."""

import math

import torch
from torch import Generator, Tensor

PADDING = 4
"""Black pixels on each side, out of which a window of the image's own size is cut."""

LARGEST_ANGLE_DEGREES = 15.0


def crop_flip_rotate(images: Tensor, generator: Generator) -> Tensor:
    """As many images, each shifted by up to 4 pixels, mirrored or not, and turned by up to 15°.

    In this order and with the nearest pixel, as ``RandomCrop(32, padding=4)``,
    ``RandomHorizontalFlip()`` and ``RandomRotation(15)`` of torchvision, which the paper's setting
    uses; what lies outside is black. A pixel is copied, never mixed, so the type stays.

    Args:
        images: (items, channels, height, width), square.
        generator: On the images' device; each item takes the next four of its numbers, so that
            what happens to a run's n-th sample does not depend on the batch size.
    """
    items, channels, height, width = images.shape
    chance = torch.rand(items, 4, generator=generator, device=images.device)
    row, column = _turned(chance[:, 0], height, width)
    inside = _within(row, height) & _within(column, width)
    mirrored = (chance[:, 1] < 1 / 2).view(-1, 1, 1)
    column = torch.where(mirrored, width - 1 - column, column)
    row = row + _shift(chance[:, 2])
    column = column + _shift(chance[:, 3])
    inside &= _within(row, height) & _within(column, width)
    source = row.clamp(0, height - 1) * width + column.clamp(0, width - 1)
    places = source.view(items, 1, -1).expand(-1, channels, -1)
    pixels = images.reshape(items, channels, -1).gather(2, places).view_as(images)
    return pixels.masked_fill_(~inside.unsqueeze(1), 0)


def _turned(chance: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Row and column that each pixel of each turned image comes from; they may lie outside."""
    angle = ((2 * chance - 1) * math.radians(LARGEST_ANGLE_DEGREES)).view(-1, 1, 1)
    down = (torch.arange(height, device=chance.device) - (height - 1) / 2).view(1, -1, 1)
    right = (torch.arange(width, device=chance.device) - (width - 1) / 2).view(1, 1, -1)
    row = angle.cos() * down - angle.sin() * right + (height - 1) / 2
    column = angle.sin() * down + angle.cos() * right + (width - 1) / 2
    return row.round().long(), column.round().long()


def _shift(chance: Tensor) -> Tensor:
    """A whole number of pixels from -4 to 4, each as likely."""
    return (chance * (2 * PADDING + 1)).long().view(-1, 1, 1) - PADDING


def _within(place: Tensor, size: int) -> Tensor:
    return (place >= 0) & (place < size)
