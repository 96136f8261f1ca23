"""The workbook as written: values of the review, formulas behind them, texts that stay texts."""

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from backend.reports.visible_text import visible
from backend.reports.xlsx import workbook_bytes
from backend.reports.xlsx.term import as_term
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_pilot, a_review_input
from tests.support.reported import NEVER, PAYS, STORIES, facts_of
from tests.support.workbook_cases import CASES, SPOT, owned, two_candidates
from wording.catalogue import LANGUAGES, say
from wording.charts.axis_spans import spans
from wording.charts.palette import LIGHT
from wording.report.words import report_words

RESULTS = ("npv", "payback", "discounted_payback", "rate", "roi", "cost", "value")
HOSTILE = (
    '=HYPERLINK("http://example.com","click")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "<b>bold</b> & \u202etxt.exe",
    "http://example.com",
    "x" * 500,
)


def opened(book: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(BytesIO(book), data_only=values)


def named(book: Workbook, name: str):
    [(sheet, cell)] = book.defined_names[name].destinations
    return book[sheet][cell.replace("$", "")]


@pytest.fixture(scope="module")
def pays() -> bytes:
    return workbook_bytes(facts_of(PAYS), "en")


@pytest.mark.parametrize(
    "given",
    [PAYS, NEVER, SPOT, two_candidates(), owned("bought_by_plan"), owned("compare")],
    ids=["pays", "never", "spot", "two", "bought", "compared"],
)
def test_every_kept_value_is_the_one_that_the_review_computed(given):
    review = make_review(given)
    book = opened(workbook_bytes(facts_of(given), "en"), values=True)
    cases = sorted(
        (found for found in review.schedules if found.case is not None),
        key=lambda found: found.schedule != review.verdict.schedule,
    )
    for place, reviewed in enumerate(cases, start=1):
        case = reviewed.case
        never = say("workbook.never", "en")
        for name, expected in {
            "npv": case.npv.amount,
            "payback": never if case.payback.months is None else case.payback.months,
            "roi": case.roi_fraction,
            "cost": case.training.cost.amount,
            "value": case.value.total.amount,
            "rate": case.irr.annual_fractions[0] if case.irr.kind == "one" else "none",
        }.items():
            shown = named(book, f"{name}_{place}").value
            same = expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-9)
            assert shown == same, name


def test_every_deterministic_result_is_a_formula(pays):
    book = opened(pays)
    assert all(str(named(book, f"{name}_1").value).startswith("=") for name in RESULTS)
    amounts = [row[0].value for row in book["Summary"].iter_rows(min_col=2, max_col=2)]
    assert len([value for value in amounts if str(value).startswith("=")]) >= 3
    by_month = book["Money"].iter_rows(min_row=45, max_row=60, min_col=1, max_col=9)
    assert all(str(cell.value).startswith("=") for row in by_month for cell in row)


def test_what_was_simulated_is_a_number_and_turns_grey_by_a_formula(pays):
    sheet = opened(pays)["Simulated"]
    band = make_review(PAYS).schedules[1].case.propagation.npv
    values = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=7, max_row=20)}
    assert values["Net present value: P10"] == band.low.amount
    [formula] = [rule.formula for rules in sheet.conditional_formatting for rule in rules.rules]
    assert formula == ["inputs_changed>0"]


def test_every_input_is_a_named_cell_with_its_unit_origin_and_recorded_value(pays):
    sheet = opened(pays)["Assumptions"]
    assumed = PAYS.assumptions
    book = opened(pays)
    for name in ("trainings_per_month", "engineer_rate_per_h", "discount_rate_per_year"):
        assert named(book, name).value == getattr(assumed, name)
    row = named(book, "engineer_rate_per_h").row
    _, value, unit, *_, origin, _, recorded = [cell.value for cell in sheet[row][:8]]
    assert (value, unit, origin, recorded) == (90, "USD an hour", "assumed", 90)
    assert sheet.protection.sheet
    assert named(book, "device_count").protection.locked
    assert not named(book, "trainings_per_month").protection.locked


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_make_the_same_bytes(language):
    assert workbook_bytes(facts_of(PAYS), language) == workbook_bytes(facts_of(PAYS), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_review_makes_a_workbook_in_both_languages(story, language):
    facts = facts_of(STORIES[story])
    made = workbook_bytes(facts, language)
    book = opened(made)
    assert all(len(sheet.title) <= 31 for sheet in book)
    assert book.sheetnames[0] == say("workbook.sheet.summary", language)
    texts = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert report_words(facts, language).headline in texts


def test_both_hashes_are_in_the_workbook_in_full(pays):
    facts = facts_of(PAYS)
    texts = [cell.value for row in opened(pays)["Basis"].iter_rows() for cell in row]
    assert facts.data_sha256 in texts
    assert facts.assumptions_sha256 in texts


def test_charts_are_native_and_say_in_words_what_they_show(pays):
    with ZipFile(BytesIO(pays)) as parts:
        charts = [name for name in parts.namelist() if re.match(r"xl/charts/chart\d+\.xml", name)]
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    told = report_words(facts_of(PAYS), "en").charts
    assert len(charts) == len(told)
    for captioned in told:
        assert captioned.caption.title in drawing


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_text_wherever_it_stands(name):
    pilot = a_pilot()
    renamed = replace(
        pilot,
        name=name[:100],
        schedules=(pilot.schedules[0], replace(pilot.schedules[1], name=name[:100])),
    )
    given = a_review_input({"today": 0.10, name[:100]: 0.08}, pilot=renamed)
    made = workbook_bytes(facts_of(given), "ja")
    book = opened(made)
    found = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and visible(name[:100]) in cell.value
    ]
    assert found
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.hyperlink is None for sheet in book for row in sheet for cell in row)
    assert not any(name[:20] in defined.attr_text for defined in book.defined_names.values())
    with ZipFile(BytesIO(made)) as parts:
        assert not any("externalLink" in part or "vba" in part for part in parts.namelist())


def test_yen_have_no_decimals_and_minus_signs_are_real():
    given = next(case.given for case in CASES if case.name == "yen")
    cell = named(opened(workbook_bytes(facts_of(given), "ja")), "npv_1")
    assert cell.number_format == "#,##0;\N{MINUS SIGN}#,##0"


def test_without_a_price_the_workbook_says_why_there_is_no_money():
    book = opened(workbook_bytes(facts_of(STORIES["unpriced"]), "en"))
    assert "npv_1" not in book.defined_names
    assert book["Money"]["A3"].value


def test_charts_are_drawn_from_the_numbers_of_the_planner():
    facts = facts_of(two_candidates())
    sheet = opened(workbook_bytes(facts, "ja"), values=True)[say("workbook.sheet.chart_data", "ja")]
    columns = [
        [value for value in column if isinstance(value, int | float)]
        for column in sheet.iter_cols(min_row=5, values_only=True)
    ]
    for captioned in report_words(facts, "ja").charts:
        chart = captioned.chart
        if chart.key == "tornado":
            continue
        factors = [axis.scale.factor for axis in spans(chart, "ja")]
        for series in chart.series:
            for values, factor in ((series.x, factors[0]), (series.y, factors[1])):
                drawn = [value / factor for value in values if value is not None]
                assert any(column == pytest.approx(drawn, rel=1e-9) for column in columns)


def test_the_tornado_has_the_colours_and_the_order_of_every_other_drawing_of_it(pays):
    """Worse ends in orange, better ones in the accent; the longest bar is the last row."""
    facts = facts_of(PAYS)
    [told] = [one for one in report_words(facts, "en").charts if one.chart.key == "tornado"]
    factor = spans(told.chart, "en")[0].scale.factor
    assert any(series.x[0] > series.x[1] for series in told.chart.series)
    columns = [
        [value for value in column if isinstance(value, int | float)]
        for column in opened(pays, values=True)["Chart data"].iter_cols(min_row=5, values_only=True)
    ]
    for end in (min, max):
        drawn = [end(series.x) / factor for series in reversed(told.chart.series)]
        assert any(column == pytest.approx(drawn, rel=1e-9) for column in columns)
    with ZipFile(BytesIO(pays)) as parts:
        charts = (parts.read(name).decode() for name in parts.namelist() if "/charts/c" in name)
        [bars] = [chart for chart in charts if "<c:barChart>" in chart]
    inks = re.findall(r'<c:ser>.*?<a:srgbClr val="(\w+)"', bars)
    assert inks == [colour.removeprefix("#").upper() for colour in (LIGHT.others[0], LIGHT.accent)]


def test_a_minus_before_a_power_is_taken_after_it_as_a_spreadsheet_would_not_by_itself():
    power = as_term(2.0) ** 2.0
    assert (-power).text == "-(2^2)"
    assert (-power).value == -4.0


def test_a_share_that_something_is_divided_by_is_above_zero_and_at_most_one():
    book = load_workbook(BytesIO(workbook_bytes(facts_of(owned("compare")), "en")))
    use = named(book, "owned_use_fraction")
    rules = [
        rule
        for rule in book["Assumptions"].data_validations.dataValidation
        if use.coordinate in rule.sqref
    ]
    [rule] = rules
    cell = f"'Assumptions'!$B${use.row}"
    assert rule.type == "custom"
    assert rule.formula1 == f"AND(ISNUMBER({cell}),{cell}>0.0,{cell}<=1.0)"
