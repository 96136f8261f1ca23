"""The largest eigenvalue of a symmetric matrix that is only known by its products."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

_SMALLEST_REST_FRACTION = 1e-6
"""Of a product: what is left below it is rounding, and the vectors so far hold the answer."""


def largest_eigenvalue(
    product: Callable[[Tensor], Tensor], start: Tensor, *, products: int
) -> tuple[float, Tensor] | None:
    """The largest (not: of largest size) eigenvalue and its vector; None if not finite.

    Lanczos' method: a power iteration that keeps its vectors and takes the best of what they
    span, so that a negative eigenvalue of larger size does not hide it. Never above the true one
    but for rounding.

    Args:
        product: The matrix times a vector.
        start: Where to begin, not zero; near the answer is best.
        products: Of the matrix, at most; as many vectors are kept.
    """
    basis = (start / start.norm()).unsqueeze(0)
    diagonal: list[float] = []
    beside: list[float] = []
    for _ in range(products):
        image = product(basis[-1])
        size = float(image.norm())
        if not math.isfinite(size):
            return None
        diagonal.append(float(image @ basis[-1]))
        for _ in range(2):
            image = image - basis.T @ (basis @ image)
        rest = float(image.norm())
        if rest <= _SMALLEST_REST_FRACTION * size or len(diagonal) == products:
            break
        beside.append(rest)
        basis = torch.cat([basis, (image / rest).unsqueeze(0)])
    small = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    values, vectors = np.linalg.eigh(small)
    weights = torch.as_tensor(vectors[:, -1], dtype=basis.dtype, device=basis.device)
    return float(values[-1]), weights @ basis
