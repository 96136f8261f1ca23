"""The chart of a line-up: all bands, as many lines as can be named, the baseline in grey."""

from frontend.figures.line_up import COLOURS, MOST_LINES, line_up_figure
from frontend.figures.plotly_traces import Look
from planner.chart import Axis, Chart, Series
from wording.charts.palette import LIGHT

LOOK = Look(palette=LIGHT, language="en", main="")


def a_line(name: str, *, role: str = "candidate", banded: bool = True) -> Series:
    band = {"low": (0.9, 0.4), "high": (1.1, 0.6)} if banded else {}
    return Series(name=name, role=role, x=(0.0, 1.0), y=(1.0, 0.5), **band)  # type: ignore[arg-type]


def a_chart(*series: Series) -> Chart:
    axis = Axis(label="metric.validation_loss", logarithmic=True)
    return Chart(key="line_up_1", x=Axis(label="epochs"), y=axis, series=series)


THREE = a_chart(a_line("today", role="baseline"), a_line("a"), a_line("b"))


def lines(figure) -> list:
    return [trace for trace in figure["data"] if trace["name"] != "band"]


def test_every_line_has_its_own_band_behind_all_lines():
    figure = line_up_figure(
        a_chart(a_line("today", role="baseline"), a_line("a"), a_line("b")), LOOK
    )
    names = [trace["name"] for trace in figure["data"]]
    assert names[:3] == ["band"] * 3
    assert set(names[3:]) == {"today", "a", "b"}
    fills = {trace["fillcolor"] for trace in figure["data"][:3]}
    assert len(fills) == 3
    # the accent colour of light is #1d4ed8
    assert "rgba(29, 78, 216, 0.12)" in fills


def test_the_baseline_is_grey_and_dotted_and_the_first_of_the_others_leads():
    figure = line_up_figure(
        a_chart(a_line("today", role="baseline"), a_line("a"), a_line("b")), LOOK
    )
    look = {trace["name"]: trace["line"] for trace in lines(figure)}
    assert (look["today"]["color"], look["today"]["dash"]) == (LIGHT.muted, "dot")
    assert (look["a"]["color"], look["a"]["dash"]) == (LIGHT.accent, "solid")
    assert look["b"]["color"] == LIGHT.others[0]


def test_a_planned_curve_has_no_band():
    figure = line_up_figure(a_chart(a_line("today", banded=False)), LOOK)
    assert [trace["name"] for trace in figure["data"]] == ["today"]


def test_more_lines_than_can_be_named_are_not_drawn():
    figure = line_up_figure(a_chart(*(a_line(f"line {n}") for n in range(40))), LOOK)
    assert len(lines(figure)) == MOST_LINES
    assert figure["layout"]["height"] > 600
    assert len(LIGHT.others) == COLOURS
    dashes = {(trace["line"]["color"], trace["line"]["dash"]) for trace in lines(figure)}
    assert len(dashes) == MOST_LINES
