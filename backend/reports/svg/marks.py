"""The lines, bands, points and bars of a series, each with its numbers in readable attributes."""

from collections.abc import Iterator, Sequence

from backend.reports.markup import element
from backend.reports.svg.frame import Frame
from backend.reports.svg.look import Look
from planner.chart import Chart, Series
from wording.charts.series_look import colour_of, dash_of

DASHES = {"solid": None, "dash": "8 5", "dot": "2 4"}
FEW_POINTS = 8
"""Up to so many, each point of a line has a dot."""

GAP = "-"
"""Stands for a value that there is none of."""

Places = list[tuple[float, float]]


def series_group(series: Series, *content: str) -> str:
    """What is drawn of one series; its numbers at full precision stand in its attributes."""
    columns = ("x", "y", "low", "high", "x_low", "x_high")
    numbers = {f"data_{name}": _numbers(getattr(series, name)) for name in columns}
    return element("g", *content, data_series=series.name, data_role=series.role, **numbers)


def _numbers(values: Sequence[float | None]) -> str | None:
    if not values:
        return None
    return " ".join(GAP if value is None else repr(float(value)) for value in values)


def line(series: Series, chart: Chart, look: Look, frame: Frame) -> Iterator[str]:
    """One schedule over the whole axis, with dots where its points are few."""
    main = series.name == look.main
    colour = colour_of(series, chart, look.palette, main=look.main)
    dash = DASHES[dash_of(series, main=look.main)]
    pieces = list(_pieces(series.x, series.y, frame))
    yield element(
        "path",
        d=" ".join(_path(piece) for piece in pieces),
        fill="none",
        stroke=colour,
        stroke_width=2.6 if main else 1.8,
        stroke_dasharray=dash,
        stroke_linejoin="round",
        stroke_linecap="butt" if dash else "round",
    )
    if len(series.x) <= FEW_POINTS:
        for across, height in (place for piece in pieces for place in piece):
            yield element("circle", cx=across, cy=height, r=4 if main else 3, fill=colour)


def band(series: Series, look: Look, frame: Frame) -> str:
    """The range around the main candidate, in one piece for every part that is known."""
    known = [
        place for place, low in enumerate(series.low) if _drawn(low, series.high[place], frame)
    ]
    pieces: list[list[int]] = []
    for place in known:
        if pieces and pieces[-1][-1] == place - 1:
            pieces[-1].append(place)
        else:
            pieces.append([place])
    shapes = [
        _path(
            [(frame.across(series.x[i]), frame.up(series.high[i] or 0.0)) for i in piece]
            + [(frame.across(series.x[i]), frame.up(series.low[i] or 0.0)) for i in piece[::-1]]
        )
        + "Z"
        for piece in pieces
    ]
    return element("path", d=" ".join(shapes), fill=look.palette.accent_soft)


def ring(series: Series, look: Look, frame: Frame) -> str:
    """The place where it breaks even."""
    return series_group(
        series,
        element(
            "circle",
            cx=frame.across(series.x[0]),
            cy=frame.up(series.y[0] or 0.0),
            r=6,
            fill=look.palette.surface,
            stroke=look.palette.accent,
            stroke_width=2.6,
        ),
    )


def point(series: Series, chart: Chart, look: Look, frame: Frame) -> Iterator[str]:
    """One schedule as a point with error bars; today's is hollow."""
    colour = colour_of(series, chart, look.palette, main=look.main)
    across, height = frame.across(series.x[0]), frame.up(series.y[0] or 0.0)
    for x1, x2, y1, y2 in error_bars(series, frame):
        yield element("line", x1=x1, x2=x2, y1=y1, y2=y2, stroke=colour, stroke_width=1.5)
    yield element(
        "circle",
        cx=across,
        cy=height,
        r=5.5,
        fill=look.palette.surface if series.role == "baseline" else colour,
        stroke=colour,
        stroke_width=2,
    )


def error_bars(series: Series, frame: Frame) -> Iterator[tuple[float, float, float, float]]:
    """Lines from bound to bound through a point, and a short one across each end."""
    across, height = frame.across(series.x[0]), frame.up(series.y[0] or 0.0)
    if series.x_low:
        ends = [frame.across(series.x_low[0]), frame.across(series.x_high[0])]
        yield (*ends, height, height)  # type: ignore[misc]  # two ends, always
        for end in ends:
            yield (end, end, height - 4, height + 4)
    low, high = (series.low[0], series.high[0]) if series.low else (None, None)
    if low is not None and high is not None:
        heights = [frame.up(low), frame.up(high)]
        yield (across, across, *heights)  # type: ignore[misc]  # two ends, always
        for end in heights:
            yield (across - 4, across + 4, end, end)


def _pieces(x: Sequence[float], y: Sequence[float | None], frame: Frame) -> Iterator[Places]:
    """Runs of points without a gap; what a logarithmic axis cannot hold is a gap."""
    piece: Places = []
    for across, value in zip(x, y, strict=True):
        if value is None or not _drawn(value, value, frame):
            if piece:
                yield piece
            piece = []
        else:
            piece.append((frame.across(across), frame.up(value)))
    if piece:
        yield piece


def _drawn(low: float | None, high: float | None, frame: Frame) -> bool:
    if low is None or high is None:
        return False
    return not frame.y.axis.logarithmic or (low > 0 and high > 0)


def _path(places: Places) -> str:
    steps = [f"{across:.2f} {height:.2f}" for across, height in places]
    return "M" + "L".join(steps)
