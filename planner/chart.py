"""Charts as data: one description that every renderer draws and every test reads back."""

from dataclasses import dataclass, field
from typing import Literal

from planner.refusal import require

SeriesRole = Literal["baseline", "candidate", "break_even", "point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis.

    Attributes:
        label: Message key below ``chart.axis.``.
        unit: Unit symbol or currency code; empty for pure numbers.
        logarithmic: Whether distances on it are ratios.
    """

    label: str
    unit: str = ""
    logarithmic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line or one set of points.

    Attributes:
        name: A schedule's name, or a message key below ``chart.series.``.
        role: What it stands for; renderers choose colour and dash by it.
        x: Positions, in the unit of the x axis.
        y: Values, in the unit of the y axis; None is a gap.
        low: Lower bounds of a band or error bar; empty for none.
        high: Upper bounds, as many as ``low``.
        x_low: Lower bounds of an error bar along x; empty for none.
        x_high: Upper bounds, as many as ``x_low``.
    """

    name: str
    role: SeriesRole
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    x_low: tuple[float, ...] = ()
    x_high: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        require(len(self.x) == len(self.y), "y", "lengths_differ")
        require(len(self.low) == len(self.high), "high", "lengths_differ")
        require(len(self.low) in (0, len(self.x)), "low", "lengths_differ")
        require(len(self.x_low) == len(self.x_high), "x_high", "lengths_differ")
        require(len(self.x_low) in (0, len(self.x)), "x_low", "lengths_differ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart without a word of prose.

    Attributes:
        key: Its name in files and links; title and subtitle are ``chart.<key>.title`` and
            ``chart.<key>.subtitle`` with ``params``.
        x: What goes to the right.
        y: What goes up.
        series: In the order of their names.
        params: Values of the subtitle, and of levels that are drawn.
    """

    key: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    params: dict[str, str | float] = field(default_factory=dict)
