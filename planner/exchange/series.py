"""Series of a run on their way from the trainer to the database, a chunk at a time."""

from dataclasses import dataclass
from math import isfinite
from operator import lt
from typing import Literal

from planner.bounds import check_at_least, check_at_most, check_name, check_not_negative
from planner.refusal import require
from planner.schedules.schedule import MOST_STEPS

SeriesGroup = Literal["train", "evaluation", "meters", "watch"]

MOST_POINTS = 10_000
"""Points that one chunk may carry."""

MOST_COLUMNS = 16
"""Columns that one group of series may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAck:
    """The API's answer to a chunk: everything up to ``acked_seq`` is on disk."""

    acked_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChunk:
    """Consecutive points of one group of series, sent once and acked once.

    Attributes:
        seq: Counts from 0 within the attempt; a repeated chunk is acked and not stored again.
        group: ``train`` has a point a step, ``evaluation`` a point an evaluation, ``meters`` a
            point wherever a meter was read, ``watch`` one wherever the loss average was looked at.
        steps: Steps done at each point, rising.
        columns: Values by name, each as long as ``steps``; None where not finite.
        wall_clock_s: Seconds since the attempt's first step, at the last point.
    """

    seq: int
    group: SeriesGroup
    steps: tuple[int, ...]
    columns: dict[str, tuple[float | None, ...]]
    wall_clock_s: float

    def __post_init__(self) -> None:
        check_at_least(self.seq, 0, "seq")
        require(
            1 <= len(self.steps) <= MOST_POINTS, "steps", "points_out_of_range", most=MOST_POINTS
        )
        rising = all(map(lt, self.steps, self.steps[1:]))
        require(rising, "steps", "not_rising")
        check_step(self.steps[0], "steps[0]")
        check_step(self.steps[-1], f"steps[{len(self.steps) - 1}]")
        require(
            1 <= len(self.columns) <= MOST_COLUMNS,
            "columns",
            "columns_out_of_range",
            most=MOST_COLUMNS,
        )
        for name, column in self.columns.items():
            check_name(name, "columns")
            same = len(column) == len(self.steps)
            require(same, f"columns.{name}", "lengths_differ", expected=len(self.steps))
            finite = all(map(isfinite, [value for value in column if value is not None]))
            require(finite, f"columns.{name}", "not_finite")
        check_not_negative(self.wall_clock_s, "wall_clock_s")


def check_step(step: int, field: str) -> None:
    """Refuses a step that no run can have."""
    check_at_least(step, 0, field)
    check_at_most(step, MOST_STEPS, field)
