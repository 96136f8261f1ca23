"""A small convolutional classifier for one-channel images of 28 x 28 pixels."""

from torch import nn

_CHANNELS = 16
_GROUP_CHANNELS = 4


def small_cnn(classes: int) -> nn.Sequential:
    """Two 3x3 convolutions of stride 2 with GroupNorm and ReLU, then one linear layer.

    (items, 1, 28, 28) -> (items, 16, 14, 14) -> (items, 32, 7, 7) -> (items, classes). GroupNorm,
    because what an item's output is must not depend on who is in its batch.
    """
    return nn.Sequential(
        *_halving(1, _CHANNELS),
        *_halving(_CHANNELS, 2 * _CHANNELS),
        nn.Flatten(),
        nn.Linear(2 * _CHANNELS * 7 * 7, classes),
    )


def _halving(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    """Half the height and width."""
    return (
        nn.Conv2d(inputs, outputs, kernel_size=3, stride=2, padding=1),
        nn.GroupNorm(outputs // _GROUP_CHANNELS, outputs),
        nn.ReLU(),
    )
