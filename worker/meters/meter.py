"""What every meter is, and the moment at which it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from planner.measurements.mechanics import Ball
from planner.pilots.meters import MeterName

Readings = Mapping[str, float | None]
"""Values by column; None where nothing could be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where a run stands between two steps.

    Attributes:
        step: Steps done.
        before: Rate and momentum of the last step; at the start those of the first.
        after: Of the next step; at the end those of the last.
        buffer_factor: On the momentum buffer before the next step.
        at_stage: Whether a stage begins here.
        elapsed_s: What the attempt has taken so far.
    """

    step: int
    before: Ball
    after: Ball
    buffer_factor: float
    at_stage: bool
    elapsed_s: float


class Meter(Protocol):
    """Reads some columns; leaves parameters, buffers, gradients and all generators as they are."""

    @property
    def name(self) -> MeterName:
        """Names its columns and its cost."""

    @property
    def passes(self) -> int:
        """About how many forward passes of the probe set a first reading takes.

        0 for a meter that is always read; the others wait where their time would be noticed.
        """

    def read(self, moment: Moment) -> Readings:
        """Its columns at this moment."""
