"""The axes of a chart as they are shown: which part, in which unit, with which ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from planner.chart import Axis, Chart
from wording.catalogue import say
from wording.charts.scales import Scale, logarithmic_ticks, round_ticks, scale_of, tick_text
from wording.labels import axis_label
from wording.language import Language

FEW_STOPS = 6

LEAST_PADDING = 0.05
"""Share of a value that is shown on either side where there is no other: no axis has no length."""

FROM_ZERO = ("cumulative_net_benefit", "extra_cost")
"""Upright axes on which zero is looked for: gain lies on one side of it, loss on the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The part of one axis that is shown.

    Attributes:
        low: Its start, in the unit of the data.
        high: Its end.
        scale: Unit in which it is read.
        stops: The only values there are, where they are few; each has a tick. Times have none:
            they lie anywhere, perhaps too near each other for their numbers.
    """

    axis: Axis
    low: float
    high: float
    scale: Scale
    stops: tuple[float, ...] = ()

    def place(self, value: float) -> float:
        """Share of the way from start to end."""
        if self.axis.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def title(self, language: Language) -> str:
        """What the axis counts, with its unit."""
        name = axis_label(self.axis.label, "", language)
        name = name[:1].upper() + name[1:]
        unit = self.scale.unit
        return say("format.axis", language, label=name, unit=unit) if unit else name

    def ticks(self) -> tuple[float, ...]:
        """Where numbers stand, in the unit of the data."""
        if self.stops:
            return self.stops
        if self.axis.logarithmic:
            return logarithmic_ticks(self.low, self.high)
        factor = self.scale.factor
        return tuple(tick * factor for tick in round_ticks(self.low / factor, self.high / factor))

    def tick_texts(self, language: Language) -> tuple[str, ...]:
        """The numbers at `ticks`, in the unit in which the axis is read."""
        return tuple(tick_text(tick / self.scale.factor, language) for tick in self.ticks())


def spans(chart: Chart, language: Language, *, padding: float = 0.05) -> tuple[Span, Span]:
    """The part of both axes that holds everything; ``padding`` is a share of its length."""
    horizontal = [v for s in chart.series for v in (*s.x, *s.x_low, *s.x_high)]
    vertical = [v for s in chart.series for v in (*s.y, *s.low, *s.high)]
    if chart.y.label in FROM_ZERO:
        vertical.append(0.0)
    lines = any(len(series.x) > 1 and series.role != "break_even" for series in chart.series)
    return (
        _span(chart.x, horizontal, language, padding=0.0 if lines else padding, lines=lines),
        _span(chart.y, vertical, language, padding=padding),
    )


def _span(
    axis: Axis,
    values: Iterable[float | None],
    language: Language,
    *,
    padding: float,
    lines: bool = False,
) -> Span:
    known = [value for value in values if value is not None] or [0.0]
    if axis.logarithmic:
        positive = [value for value in known if value > 0] or [1.0]
        grow = (max(positive) / min(positive)) ** padding if padding else 1.0
        low, high = min(positive) / max(grow, 1.05), max(positive) * max(grow, 1.05)
    else:
        length = (max(known) - min(known)) or abs(max(known)) or 1.0
        grow = padding if max(known) > min(known) else max(padding, LEAST_PADDING)
        low, high = min(known) - grow * length, max(known) + grow * length
    scale = scale_of(axis.unit, max(abs(low), abs(high)), language)
    stops = tuple(sorted(set(known))) if len(set(known)) <= FEW_STOPS else ()
    counted = lines and axis.unit != "s"
    return Span(axis=axis, low=low, high=high, scale=scale, stops=stops if counted else ())
