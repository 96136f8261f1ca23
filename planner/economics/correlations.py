"""Uncertain inputs that move together: a correlation matrix as the user entered it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.refusal import Refusal, require

ROUNDING = 1e-9
"""A smallest eigenvalue this little below zero is zero: a matrix is typed with few digits."""

_STEPS_OF_A_HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Rank correlations of a Gaussian copula over the ranges of the assumptions.

    Attributes:
        names: Assumptions in the order of rows and columns; one without a range stays fixed.
        matrix: Symmetric, ones on its diagonal, positive semi-definite.
    """

    names: tuple[str, ...]
    matrix: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        size = len(self.names)
        require(len(set(self.names)) == size, "names", "correlation_repeated")
        require(len(self.matrix) == size, "matrix", "lengths_differ", expected=size)
        for place, cells in enumerate(self.matrix):
            require(len(cells) == size, f"matrix[{place}]", "lengths_differ", expected=size)
        for row in range(size):
            for column in range(row + 1):
                self._check_cell(row, column)
        if size:
            self._check_possible()

    def factor(self) -> NDArray[np.float64]:
        """A square root F, ``F F' = matrix``, that turns independent normals into these."""
        values, vectors = np.linalg.eigh(np.array(self.matrix))
        return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)))

    def _check_cell(self, row: int, column: int) -> None:
        field, value = f"matrix[{row}][{column}]", self.matrix[row][column]
        first, second = self.names[row], self.names[column]
        if row == column:
            require(value == 1, field, "correlation_with_itself", name=first, value=value)
        require(-1 <= value <= 1, field, "out_of_range", low=-1, high=1)
        other = self.matrix[column][row]
        require(
            value == other,
            field,
            "correlation_not_symmetric",
            first=first,
            second=second,
            value=value,
            other=other,
        )

    def _check_possible(self) -> None:
        """Refuses correlations that no quantities can have, at the pair that is most in the way."""
        matrix = np.array(self.matrix)
        values, vectors = np.linalg.eigh(matrix)
        if values[0] >= -ROUNDING:
            return
        blame = np.tril(np.outer(vectors[:, 0], vectors[:, 0]) * matrix, k=-1)
        row, column = divmod(int(np.argmin(blame)), len(self.names))
        weakened = int(_STEPS_OF_A_HUNDRED / (1 - values[0])) / _STEPS_OF_A_HUNDRED
        raise Refusal(
            f"matrix[{row}][{column}]",
            "correlation_impossible",
            first=self.names[row],
            second=self.names[column],
            value=self.matrix[row][column],
            factor=weakened,
        )
