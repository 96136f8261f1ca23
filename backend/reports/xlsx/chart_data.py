"""The numbers behind every chart, on one sheet; those that inputs move are formulas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backend.reports.xlsx.case_terms import CaseTerms, PlanTerms
from backend.reports.xlsx.looks import HEADING, MUTED, Look
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.term import Term, Value, choose, missing, numbers_only
from backend.reports.xlsx.training import Inputs
from planner.chart import Chart, Series
from planner.economics.investment import HOURS_PER_DAY
from wording.charts.axis_spans import spans
from wording.charts.series_look import name_of
from wording.inputs import input_ends, input_name
from wording.report.words import CaptionedChart

HEAD_ROW = 3
_UNWRAPPED: Look = {"text_wrap": False}
Cells = Sequence[Term | Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Where one series of a chart lies on the sheet.

    Attributes:
        series: Of the chart.
        first_column: Of its x; y is beside it, then both ends of a band where it has one.
        rows: Number of points.
    """

    series: Series
    first_column: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What formulas of charts read.

    Attributes:
        plan: What all candidates share.
        cases: By schedule.
        inputs: By name.
    """

    plan: PlanTerms
    cases: Mapping[str, CaseTerms]
    inputs: Inputs


class ChartData:
    """The sheet of numbers behind charts, which grows to the right."""

    def __init__(self, sheet: Sheet, live: Live | None) -> None:
        self._sheet = sheet
        self._live = live
        self._next = 0
        sheet.for_working()
        sheet.text(0, 0, sheet.book.words("chart_data.title"), HEADING, _UNWRAPPED)
        sheet.page.freeze_panes(HEAD_ROW + 1, 0)

    @property
    def title(self) -> str:
        """Name of the sheet."""
        return self._sheet.title

    def put(self, captioned: CaptionedChart) -> list[Drawn]:
        """The numbers of one chart, in the units in which its axes are read."""
        sheet, chart = self._sheet, captioned.chart
        language = sheet.book.language
        sheet.text(HEAD_ROW - 2, self._next, captioned.caption.title, HEADING, _UNWRAPPED)
        axes = spans(chart, language)
        factors = [axis.scale.factor for axis in axes]
        heads = [axis.title(language) for axis in axes]
        drawn = []
        for series in chart.series:
            columns = self._columns(chart, series, factors)
            name = name_of(series, language)
            words = [*heads, *[sheet.book.words(f"chart_data.{end}") for end in ("low", "high")]]
            for column, cells in enumerate(columns):
                self._column(self._next + column, "" if column else name, words[column], cells)
            rows = len(series.x)
            drawn.append(Drawn(series=series, first_column=self._next, rows=rows))
            self._next += len(columns)
        self._next += 1
        return drawn

    def put_tornado(self, captioned: CaptionedChart) -> Drawn:
        """Inputs with their ends, the worth at each, and how far that is from the assumed.

        The worse end comes first, as in every drawing of it. The longest bar comes
        last: a chart of bars begins at the bottom.
        """
        sheet, chart = self._sheet, captioned.chart
        book, first = sheet.book, self._next
        sheet.text(HEAD_ROW - 2, first, captioned.caption.title, HEADING, _UNWRAPPED)
        factor = spans(chart, book.language)[0].scale.factor
        base = float(chart.params["base"])
        bars = [_from_worse_to_better(series) for series in chart.series]
        names = [_input(bar, chart.x.unit, sheet) for bar in bars]
        ends = [[bar.x[end] for bar in bars] for end in (0, 1)]
        changes = [[(worth - base) / factor for worth in worths] for worths in ends]
        keys = ("input", "at_worse", "at_better", "change_at_worse", "change_at_better")
        scaled = [[worth / factor for worth in worths] for worths in ends]
        columns: list[Sequence[Value]] = [names, *scaled, *changes]
        for place, (key, cells) in enumerate(zip(keys, columns, strict=True)):
            self._column(first + place, "", book.words(f"chart_data.{key}"), cells[::-1])
        sheet.columns(first, first, 44)
        self._next += len(columns) + 1
        return Drawn(series=chart.series[0], first_column=first, rows=len(names))

    def _column(self, column: int, name: str, head: str, cells: Sequence[Term | Value]) -> None:
        sheet = self._sheet
        sheet.text(HEAD_ROW - 1, column, name, MUTED, _UNWRAPPED)
        sheet.columns(column, column, 16)
        sheet.heads(HEAD_ROW, [head], texts=(), column=column)
        for row, cell in enumerate(cells, start=HEAD_ROW + 1):
            if cell != "":
                sheet.put(row, column, cell, "point")

    def _columns(self, chart: Chart, series: Series, factors: Sequence[float]) -> list[Cells]:
        x, y = factors
        moved = None
        if self._live is not None and chart.key in _LIVE:
            moved = _LIVE[chart.key](series, self._live, factors)
        columns: list[Cells] = moved or [
            [value / x for value in series.x],
            [_scaled(value, y) for value in series.y],
        ]
        if series.low:
            columns += [[_scaled(value, y) for value in ends] for ends in (series.low, series.high)]
        return columns


def _from_worse_to_better(bar: Series) -> Series:
    return bar if bar.x[0] <= bar.x[1] else replace(bar, x=bar.x[::-1], y=bar.y[::-1])


def _input(bar: Series, currency: str, sheet: Sheet) -> str:
    worse, better = (0.0 if value is None else value for value in bar.y)
    language = sheet.book.language
    name = input_name(bar.name, language)
    ends = input_ends(bar.name, worse, better, currency=currency, language=language)
    return f"{name[:1].upper()}{name[1:]}: {ends}"


def _scaled(value: float | None, factor: float) -> Value:
    return "" if value is None else value / factor


def _payback(series: Series, live: Live, factors: Sequence[float]) -> list[Cells] | None:
    """The running total as far as the horizon goes, and where it is back."""
    case = live.cases.get(series.name)
    if case is None:
        return None
    if series.role == "break_even":
        return [[numbers_only(case.payback)], [0.0]]
    horizon = live.inputs["horizon_months"]
    months = live.plan.months.month.cells[: len(series.x)]
    totals = [
        choose(month <= horizon, running / factors[1], missing())
        for month, running in zip(months, case.months.total.cells, strict=False)
    ]
    return [list(series.x), totals]


def _time_against_cost(series: Series, live: Live, factors: Sequence[float]) -> list[Cells] | None:
    """Hours saved and extra cost of a candidate; the line below which it pays."""
    case = live.cases.get(series.name)
    if series.role == "candidate" and case is not None:
        saved = live.plan.today.hours - case.worth.hours
        extra = case.worth.cost - live.plan.today.cost
        return [[saved / factors[0]], [extra / factors[1]]]
    if series.role != "break_even":
        return None
    inputs, months = live.inputs, live.plan.months
    freed = inputs["attention_fraction"] * inputs["realisation_fraction"]
    delay = inputs["cost_of_delay_per_day"] / HOURS_PER_DAY
    an_hour = freed * inputs["engineer_rate_per_h"] + delay
    kept = 1.0 - inputs["tax_fraction"]
    trainings = kept * inputs["trainings_per_month"] * months.present_trainings
    needed = (months.outlay - months.beside_worth) / trainings
    line: Cells = [(an_hour * hour - needed) / factors[1] for hour in series.x]
    return [[hour / factors[0] for hour in series.x], line]


_LIVE = {"payback": _payback, "time_against_cost": _time_against_cost}
