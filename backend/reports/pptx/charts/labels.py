"""Names in a scatter chart: how much room they take, and how they keep clear of each other."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.reports.pptx.charts.frame import GAP_PT, Drawn, Frame
from backend.reports.pptx.charts.marks import Label, Mark
from backend.reports.pptx.text_fit import LINE_HEIGHT, width_pt
from wording.charts.end_labels import spread


def right_pt(marks: Sequence[Mark]) -> float:
    """Room to the right of the plot for the names of lines."""
    names = [mark.label for mark in marks if mark.label is not None and mark.label.at_edge]
    return max((_label_width(name) for name in names), default=0.0) + 2 * GAP_PT


def at_edge(mark: Mark, frame: Frame) -> Mark:
    """The name of a line that ends early stands where the others do: at the edge of the plot."""
    label = mark.label
    if label is None or not label.at_edge:
        return mark
    missing = 1 - frame.x.place(mark.x[label.point] * frame.x.factor)
    return replace(mark, label=replace(label, right=missing * frame.room.width))


def apart(marks: list[Mark], frame: Frame, drawn: Drawn) -> list[Mark]:
    """Labels that would cover each other moved up or down until none does."""
    moved = list(marks)
    for side in ("l", "r"):
        for group in _neighbours(moved, side, frame, drawn):
            for place, down in _spread(moved, group, frame, drawn):
                label = moved[place].label
                if label is not None:
                    moved[place] = replace(moved[place], label=replace(label, down=down))
    return moved


def _neighbours(
    marks: Sequence[Mark], side: str, frame: Frame, drawn: Drawn
) -> Iterator[list[int]]:
    """Marks whose labels on one side share a part of the width."""
    found = []
    for place, mark in enumerate(marks):
        if mark.label is not None and mark.label.position == side:
            at = frame.x.place(mark.x[mark.label.point] * frame.x.factor)
            start = (at * frame.room.width + mark.label.right) * drawn.width_pt
            wide = _label_width(mark.label)
            found.append(
                (start - wide, start, place) if side == "l" else (start, start + wide, place)
            )
    found.sort()
    group: list[int] = []
    reach = -math.inf
    for start, end, place in found:
        if group and start > reach:
            yield group
            group = []
        group.append(place)
        reach = max(reach, end)
    if group:
        yield group


def _spread(
    marks: Sequence[Mark], group: Sequence[int], frame: Frame, drawn: Drawn
) -> Iterator[tuple[int, float]]:
    """How far down each label of a group goes, as a share of the chart's height."""
    ordered = sorted(group, key=lambda place: _height(marks[place], frame, drawn))
    heights = [_height(marks[place], frame, drawn) for place in ordered]
    sizes = [_label_height(marks[place].label) for place in ordered]
    plot = frame.room.height * drawn.height_pt
    for place, wanted, found in zip(
        ordered, heights, spread(heights, sizes, -10, plot + 10), strict=True
    ):
        label = marks[place].label
        yield place, (label.down if label else 0.0) + (wanted - found) / drawn.height_pt


def _height(mark: Mark, frame: Frame, drawn: Drawn) -> float:
    """Middle of a label above the bottom of the plot, in points."""
    label = mark.label
    value = mark.y[label.point] if label else None
    if label is None or value is None:
        return 0.0
    plot = frame.room.height * drawn.height_pt
    return frame.y.place(value * frame.y.factor) * plot - label.down * drawn.height_pt


def _label_height(label: Label | None) -> float:
    return len(label.lines) * label.type.size_pt * LINE_HEIGHT if label else 0.0


def _label_width(label: Label) -> float:
    return max(
        width_pt(line, size_pt=label.type.size_pt, bold=label.type.bold) for line in label.lines
    )
