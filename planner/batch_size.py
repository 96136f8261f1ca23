"""Batch-size curves: the values a schedule file states, and the stages they mean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSize:
    """A batch-size curve over one run: constant, geometric growth, or explicit thresholds.

    Attributes:
        initial: Samples per step at the start; absent only when ``thresholds`` says it.
        growth: Factor of the batch size every ``every_epochs``.
        every_epochs: Epochs between two growths.
        maximum: Cap of the plain growth ``b0 delta^k``.
        land_on: Final value of the affine growth ``A delta^k + B`` (Kondo & Iiduka's code).
        thresholds: ``"0:128 10ep:256 20ep:512"``; units ``ep`` epochs, ``ba`` steps, ``sp``
            samples, with suffixes K, M, B.
    """

    initial: int | None = None
    growth: float | None = None
    every_epochs: int | None = None
    maximum: int | None = None
    land_on: int | None = None
    thresholds: str | None = None
