"""One run's series as a small picture that changes every second without a flicker.

A plotly chart is taken down and built again whenever its data change. This is an image of the
lines alone, stretched to its place, with the numbers beside it as ordinary text.
"""

import math
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from frontend.components.markup import element, text
from planner.exchange.page_states import Trace
from wording.charts.palette import Palette
from wording.charts.scales import round_ticks, tick_text
from wording.language import Language

SIZE = 1000
"""Both sides of the image, before it is stretched."""

MOST_TICKS = 4
_MARGIN_FRACTION = 0.06
_TALLEST = 2.0
"""Times the largest value that counts, up to which one that does not makes room for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A value to be reached.

    Attributes:
        value: In the unit of the series.
        name: Shown at its line.
    """

    value: float
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack:
    """What a run left behind when divergences sent it back.

    Attributes:
        superseded: Points that no longer count.
        at_steps: Steps done each time that the loss left the healthy range.
    """

    superseded: Trace = Trace()
    at_steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of the plane that is shown: steps and values."""

    steps: float
    low: float
    high: float

    def across(self, step: float) -> float:
        """Share of the width at a step."""
        return step / self.steps

    def up(self, value: float) -> float:
        """Share of the height at a value."""
        return (value - self.low) / (self.high - self.low)


def trace_markup(
    trace: Trace,
    *,
    palette: Palette,
    language: Language,
    alt: str,
    steps_planned: int | None,
    target: Target | None = None,
    points: bool = False,
    went_back: WentBack | None = None,
) -> str:
    """Values by step over the whole run, so that what is left is seen too.

    Args:
        trace: At least one point.
        palette: Colours; an image cannot read those of the page.
        language: Of the numbers.
        alt: What is shown, for those who do not see it.
        steps_planned: Right end; None lets the last point be it.
        target: Drawn as a dashed line.
        points: Marks every point, for series of few.
        went_back: What no longer counts, drawn grey, and where that was found out.
    """
    back = went_back or WentBack()
    frame = frame_of(trace, steps_planned, target, back)
    levels = round_ticks(frame.low, frame.high, most=MOST_TICKS)
    image = _image(trace, frame, levels, palette, target, back=back, points=points)
    source = "data:image/svg+xml;base64," + b64encode(image.encode()).decode()
    parts = [
        element("img", src=source, alt=alt, decoding="sync"),
        *_tick_labels(frame, levels, language),
    ]
    for at_step in back.at_steps:
        place = f"left: {frame.across(at_step):.2%}"
        parts.append(element("span", "↩", class_="pb-trace-back", style=place, aria_hidden="true"))
    if target is not None:
        place = f"bottom: {frame.up(target.value):.2%}"
        parts.append(element("span", text(target.name), class_="pb-trace-target", style=place))
    return element("div", *parts, class_="pb-trace")


def frame_of(
    trace: Trace,
    steps_planned: int | None,
    target: Target | None,
    back: WentBack | None = None,
) -> Frame:
    """Room for every point and the target, and for the steps still to come.

    What no longer counts may run out of the picture: a loss that explodes would flatten the rest.
    """
    values = [value for value in trace.values if value is not None]
    steps = [steps_planned or max(trace.steps, default=1) or 1]
    if back is not None:
        most = _TALLEST * max((abs(value) for value in values), default=math.inf)
        old = back.superseded
        values += [value for value in old.values if value is not None and abs(value) < most]
        steps += [*old.steps, *back.at_steps]
    if target is not None:
        values.append(target.value)
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = (high - low) * _MARGIN_FRACTION or abs(high) * _MARGIN_FRACTION or 1.0
    return Frame(
        steps=float(max(steps)),
        low=low - margin,
        high=high + margin,
    )


def _tick_labels(frame: Frame, levels: Sequence[float], language: Language) -> Iterator[str]:
    for level in levels:
        place = f"bottom: {frame.up(level):.2%}"
        yield element("span", text(tick_text(level, language)), class_="pb-trace-y", style=place)
    for step in round_ticks(0, frame.steps, most=MOST_TICKS):
        place = f"left: {frame.across(step):.2%}"
        yield element("span", text(tick_text(step, language)), class_="pb-trace-x", style=place)


def _image(
    trace: Trace,
    frame: Frame,
    levels: Sequence[float],
    palette: Palette,
    target: Target | None,
    *,
    back: WentBack,
    points: bool,
) -> str:
    """Lines only: strokes keep their width however the image is stretched."""
    lines = [_level(frame.up(level), palette.line) for level in levels]
    if target is not None:
        lines.append(_level(frame.up(target.value), palette.axis, dash="5 4"))
    lines += [_upright(frame.across(step), palette.caution) for step in back.at_steps]
    lines.append(_path(back.superseded, frame, palette.muted, dash="3 4"))
    lines.append(_path(trace, frame, palette.accent))
    if points:
        lines.append(_dots(back.superseded, frame, palette.muted))
        lines.append(_dots(trace, frame, palette.accent))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" '
        f'preserveAspectRatio="none" fill="none">{"".join(lines)}</svg>'
    )


def _level(up: float, colour: str, dash: str = "none") -> str:
    y = SIZE * (1 - up)
    return _stroke(f"M0 {y:.1f}H{SIZE}", colour, width=1, dash=dash)


def _upright(across: float, colour: str) -> str:
    return _stroke(f"M{SIZE * across:.1f} 0V{SIZE}", colour, width=1, dash="2 3")


def _path(trace: Trace, frame: Frame, colour: str, dash: str = "none") -> str:
    """The line; a value that is not finite, or the start of another attempt, leaves a gap."""
    commands, gap, last = [], True, -1
    for step, value in zip(trace.steps, trace.values, strict=True):
        if value is None or not math.isfinite(value):
            gap = True
            continue
        commands.append(("M" if gap or step <= last else "L") + _place(frame, step, value))
        gap, last = False, step
    return _stroke("".join(commands), colour, width=2, dash=dash)


def _dots(trace: Trace, frame: Frame, colour: str) -> str:
    """A line of no length with round ends stays round."""
    marks = [
        f"M{_place(frame, step, value)}h0"
        for step, value in zip(trace.steps, trace.values, strict=True)
        if value is not None
    ]
    return _stroke("".join(marks), colour, width=6)


def _place(frame: Frame, step: float, value: float) -> str:
    return f"{SIZE * frame.across(step):.1f} {SIZE * (1 - frame.up(value)):.1f}"


def _stroke(path: str, colour: str, *, width: int, dash: str = "none") -> str:
    return (
        f'<path d="{path}" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}" '
        'stroke-linecap="round" stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'
    )
