"""A small character language model: a decoder-only transformer, normalised before each block."""

import torch
from torch import Tensor, nn


class CharacterModel(nn.Module):
    """Predicts each next character from the ones before it.

    (items, length) whole numbers below ``characters`` -> (items, length, characters).
    """

    def __init__(
        self, *, characters: int, length: int, width: int = 32, heads: int = 4, layers: int = 2
    ) -> None:
        super().__init__()
        self.character = nn.Embedding(characters, width)
        self.position = nn.Parameter(torch.randn(length, width) * _POSITION_SCALE)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.next = nn.Linear(width, characters)

    def forward(self, inputs: Tensor) -> Tensor:
        """Scores of the next character at every place."""
        hidden = self.character(inputs) + self.position[: inputs.shape[1]]
        outputs: Tensor = self.next(self.norm(self.blocks(hidden)))
        return outputs


class Block(nn.Module):
    """Causal self-attention and a perceptron of four times the width, each added to its input."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.before_perceptron = nn.LayerNorm(width)
        self.perceptron = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, hidden: Tensor) -> Tensor:
        """(items, length, width) -> the same shape."""
        hidden = hidden + self._attention(self.before_attention(hidden))
        outputs: Tensor = hidden + self.perceptron(self.before_perceptron(hidden))
        return outputs

    def _attention(self, hidden: Tensor) -> Tensor:
        items, length, width = hidden.shape
        parts = self.query_key_value(hidden).view(items, length, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        outputs: Tensor = self.attended(mixed.transpose(1, 2).reshape(items, length, width))
        return outputs


_POSITION_SCALE = 0.02
"""As in GPT-2: places start out nearly alike."""
