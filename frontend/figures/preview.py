"""The schedules of a plan as two panels: learning rate above, batch size below."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from frontend.figures.plotly_charts import Figure
from planner.plans.plan_facts import SchedulePlan
from wording.charts.palette import FONT, Palette

Along = Literal["epoch", "step", "samples", "time_s"]
Curve = NDArray[np.float64]

HEIGHT_PX = 430
LABEL_HEIGHT_FRACTION = 0.09
"""Distance of a label's middle from its line, as a share of the panel."""

LABEL_PLACES = 12
"""Places of a curve that a label covers, about a quarter of the panel."""

Side = Literal["left", "center", "right"]
"""Which part of a label stands at its point of the line."""

_PLACES = np.linspace(0.0, 1.0, 49)

_SIDES: tuple[tuple[Side, range], ...] = (
    ("center", range(LABEL_PLACES // 2, len(_PLACES) - LABEL_PLACES // 2)),
    ("left", range(len(_PLACES) - LABEL_PLACES)),
    ("right", range(LABEL_PLACES, len(_PLACES))),
)
"""Places at which a label on each side of its point stays within the panel."""

_CANDIDATES = tuple(
    (place, side, above) for side, places in _SIDES for place in places for above in (True, False)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a name stands.

    Attributes:
        x: Point of the line, in the unit of the x axis.
        y: Value there.
        above: Whether the name stands above its line.
        side: Part of the name that stands at the point.
    """

    x: float
    y: float
    above: bool
    side: Side


def preview_figure(
    schedules: Sequence[SchedulePlan],
    *,
    chosen: str,
    along: Along,
    rate_column: str,
    titles: tuple[str, str, str],
    palette: Palette,
    unit_size: float = 1.0,
) -> Figure:
    """The chosen schedule and today's by name; the others are there for comparison only.

    Args:
        schedules: With their curves.
        chosen: Name of the schedule that is edited.
        along: What the x axis counts; seconds only where all previews have them.
        rate_column: Which learning rate of the preview is drawn.
        titles: Of the two panels and of the x axis.
        palette: Colours.
        unit_size: How many of what is counted make one unit of the x axis.
    """
    drawn = sorted(schedules, key=lambda plan: _rank(plan, chosen))
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": _counted(plan, along, unit_size).tolist(),
            "y": _values(plan, column, along).tolist(),
            "xaxis": "x",
            "yaxis": axis,
            "line": _line(plan, chosen, palette),
            "hovertemplate": f"{escape(plan.schedule)}: %{{y:.4~g}}<extra></extra>",
        }
        for plan in drawn
        for axis, column in (("y", rate_column), ("y2", "batch_size"))
    ]
    named = [plan for plan in drawn if _rank(plan, chosen)]
    places = label_places(named, drawn, along, rate_column, unit_size=unit_size)
    labels = [_label(plan, spot, chosen, palette) for plan, spot in zip(named, places, strict=True)]
    return {"data": data, "layout": _layout(labels, titles, palette)}


def label_places(
    named: Sequence[SchedulePlan],
    drawn: Sequence[SchedulePlan],
    along: Along,
    column: str,
    *,
    unit_size: float = 1.0,
) -> list[Spot]:
    """For every named schedule the point of its line where a label is farthest from all else."""
    counted = {plan.schedule: _counted(plan, along, unit_size) for plan in drawn}
    end = max(float(x[-1]) for x in counted.values()) or 1.0
    curves = {
        plan.schedule: _curve(plan, counted[plan.schedule], column, along, end) for plan in drawn
    }
    top = max(float(curve.max()) for curve in curves.values()) or 1.0
    lines = [curve / top for curve in curves.values()]
    taken: list[tuple[int, float]] = []
    spots = []
    for plan in named:
        own = curves[plan.schedule] / top
        place, side, above = max(_CANDIDATES, key=lambda spot: _room(spot, own, lines, taken))
        taken.append((place + _middle(side), _label_at(own[place], above=above)))
        spots.append(
            Spot(
                x=float(_PLACES[place] * end),
                y=float(own[place] * top),
                above=above,
                side=side,
            )
        )
    return spots


def _room(
    spot: tuple[int, Side, bool],
    own: Curve,
    lines: Sequence[Curve],
    taken: Sequence[tuple[int, float]],
) -> float:
    """Free height around a label: to all lines below its whole width, to labels, to the frame."""
    place, side, above = spot
    at = _label_at(own[place], above=above)
    first = place + _middle(side) - LABEL_PLACES // 2
    reach = slice(max(first, 0), first + LABEL_PLACES + 1)
    to_lines = [float(np.abs(line[reach] - at).min()) for line in lines]
    middle = place + _middle(side)
    to_labels = [abs(at - y) for other, y in taken if abs(other - middle) < LABEL_PLACES]
    return min([*to_lines, *to_labels, 1.1 - at, at])


def _middle(side: Side) -> int:
    """Places from the point of the line to the middle of its label."""
    return {"left": LABEL_PLACES // 2, "center": 0, "right": -LABEL_PLACES // 2}[side]


def _label_at(value: float, *, above: bool) -> float:
    return float(value) + (LABEL_HEIGHT_FRACTION if above else -LABEL_HEIGHT_FRACTION)


def _counted(plan: SchedulePlan, along: Along, unit_size: float) -> Curve:
    """Where each point of a preview stands and the run ends, in units of the x axis."""
    points = np.asarray(getattr(plan.preview, along), dtype=float)
    end = _end(plan, along)
    return (points if end is None else np.append(points, end)) / unit_size


def _values(plan: SchedulePlan, column: str, along: Along) -> Curve:
    """The values of a preview; the last step's holds to the end of the run."""
    values = np.asarray(getattr(plan.preview, column), dtype=float)
    return values if _end(plan, along) is None else np.append(values, values[-1])


def _end(plan: SchedulePlan, along: Along) -> float | None:
    """Where the last step ends, which is a whole epoch where one batch holds all samples.

    None where the points do not tell: of a single step, or of a last one at a batch of its own.
    """
    shown, work = plan.preview, plan.work
    if along == "step":
        return float(work.steps)
    if along == "samples":
        return float(work.samples)
    if len(shown.step) < 2:
        return None
    if along == "epoch":
        return shown.epoch[-1] * work.samples / shown.samples[-1]
    if shown.time_s is None or shown.batch_size[-1] != shown.batch_size[-2]:
        return None
    steps = shown.step[-1] - shown.step[-2]
    return shown.time_s[-1] + (shown.time_s[-1] - shown.time_s[-2]) / steps


def _curve(plan: SchedulePlan, x: Curve, column: str, along: Along, end: float) -> Curve:
    y = _values(plan, column, along)
    return np.asarray(np.interp(_PLACES * end, x, y))


def _rank(plan: SchedulePlan, chosen: str) -> int:
    """Drawn later is drawn on top."""
    return 2 if plan.schedule == chosen else 1 if plan.role == "baseline" else 0


def _line(plan: SchedulePlan, chosen: str, palette: Palette) -> dict[str, Any]:
    if plan.schedule == chosen:
        return {"color": palette.accent, "width": 2.6, "shape": "hv"}
    if plan.role == "baseline":
        return {"color": palette.muted, "width": 1.8, "dash": "dot", "shape": "hv"}
    return {"color": palette.axis, "width": 1.0, "shape": "hv"}


def _label(plan: SchedulePlan, spot: Spot, chosen: str, palette: Palette) -> dict[str, Any]:
    own = plan.schedule == chosen
    name = escape(plan.schedule)
    return {
        "x": spot.x,
        "y": spot.y,
        "xref": "x",
        "yref": "y",
        "xanchor": spot.side,
        "text": f"<b>{name}</b>" if own else name,
        "showarrow": False,
        "yshift": 14 if spot.above else -14,
        "font": {"size": 13, "color": palette.accent if own else palette.muted},
    }


def _panel_title(title: str, axis: str, palette: Palette) -> dict[str, Any]:
    return {
        "xref": "paper",
        "yref": f"{axis} domain",
        "x": 0,
        "y": 1,
        "yshift": 19,
        "xanchor": "left",
        "text": title,
        "showarrow": False,
        "font": {"size": 13, "color": palette.text},
    }


def _layout(
    labels: list[dict[str, Any]], titles: tuple[str, str, str], palette: Palette
) -> dict[str, Any]:
    axis = {
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zeroline": False,
        "fixedrange": True,
        "rangemode": "tozero",
        "automargin": True,
        "tickfont": {"size": 12, "color": palette.muted},
    }
    rate = {**axis, "domain": [0.56, 1], "nticks": 6, "exponentformat": "power"}
    batch = {**axis, "domain": [0, 0.42], "nticks": 6, "separatethousands": True}
    along = {"text": titles[2], "font": {"size": 13, "color": palette.muted}}
    return {
        "height": HEIGHT_PX,
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.line,
            "font": {"color": palette.text},
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": palette.text},
        "xaxis": {**axis, "showgrid": False, "anchor": "y2", "title": along},
        "yaxis": rate,
        "yaxis2": batch,
        "annotations": [
            _panel_title(titles[0], "y", palette),
            _panel_title(titles[1], "y2", palette),
            *labels,
        ],
    }
