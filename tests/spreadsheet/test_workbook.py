"""The workbook with other inputs says what the review says at those inputs, to the cent."""

import math
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from backend.reports.xlsx.workbook import workbook_bytes
from planner.economics.business_case import BusinessCase
from planner.economics.cashflow import CashFlows, Irr, Payback, discounted
from planner.reviews.review import Review, make_review
from tests.spreadsheet.changed_workbook import changed, place_of, recalculated
from tests.support.reported import facts_of
from tests.support.workbook_cases import CASES, WorkbookCase, random_cases
from wording.catalogue import say

CENT = 0.005
ALL = (*CASES, *random_cases(12))
BEYOND = WorkbookCase(name="beyond", given=CASES[0].given, changes={"horizon_months": 61})
IDS = [case.name for case in ALL]


class Recalculated:
    """One workbook as LibreOffice calculated it, read by the names of its cells."""

    def __init__(self, book: Workbook, names: Workbook) -> None:
        self._book = book
        self._names = names

    def value(self, name: str) -> float | str | None:
        sheet, cell = place_of(self._names, name)
        return self._book[sheet][cell].value

    def months(self, head: str, horizon_months: int, candidate: int = 1) -> list[float]:
        """A column of the table by month, of one candidate."""
        sheet = self._book["Months"]
        places = [cell.column for cell in sheet[4] if cell.value == head]
        column = places[candidate - 1]
        rows = range(5, 6 + horizon_months)
        return [sheet.cell(row=row, column=column).value for row in rows]


@pytest.fixture(scope="module")
def answers(sheet_folder) -> dict[str, tuple[Recalculated, Review]]:
    """Workbook and review of every case at the changed inputs."""
    asked = (*ALL, BEYOND)
    books = [changed(workbook_bytes(facts_of(case.given), "en"), case.changes) for case in asked]
    found = recalculated(books, sheet_folder / "workbooks")
    return {
        case.name: (Recalculated(answer, book), make_review(case.changed()))
        for case, book, answer in zip(asked, books, found, strict=True)
    }


def cases_of(review: Review) -> list[BusinessCase]:
    """In the order of the workbook: the verdict's first, which stays what it was."""
    return [found.case for found in review.schedules if found.case is not None]


def paid_back(found: Payback) -> object:
    return "never" if found.months is None else pytest.approx(found.months, abs=1e-6)


def returned(found: Irr) -> object:
    if found.kind == "one":
        return pytest.approx(found.annual_fractions[0], rel=1e-8, abs=1e-9)
    return found.kind


@pytest.mark.parametrize("case", ALL, ids=IDS)
def test_flows_and_their_totals_are_the_reviews_to_the_cent(answers, case: WorkbookCase):
    book, review = answers[case.name]
    months = review.assumptions.horizon_months
    for place, found in enumerate(_in_order(case, review), start=1):
        for head, flows in (
            ("Net flow", found.flows.amounts),
            ("Running total", found.flows.cumulative),
            ("Discounted flow", _discounted(found, review).amounts),
        ):
            theirs = book.months(head, months, place)
            assert theirs == pytest.approx(list(flows), abs=CENT, rel=1e-9)


@pytest.mark.parametrize("case", ALL, ids=IDS)
def test_what_a_plan_returns_is_what_the_review_says(answers, case: WorkbookCase):
    book, review = answers[case.name]
    for place, found in enumerate(_in_order(case, review), start=1):
        assert book.value(f"npv_{place}") == pytest.approx(found.npv.amount, abs=CENT, rel=1e-9)
        assert book.value(f"payback_{place}") == paid_back(found.payback)
        assert book.value(f"discounted_payback_{place}") == paid_back(found.discounted_payback)
        assert book.value(f"rate_{place}") == returned(found.irr)
        lost = found.payback.lost_crossing_months
        assert book.value(f"lost_{place}") == (None if lost is None else pytest.approx(lost))
        roi = found.roi_fraction
        assert book.value(f"roi_{place}") == ("not defined" if roi is None else pytest.approx(roi))


@pytest.mark.parametrize("case", ALL, ids=IDS)
def test_cost_worth_and_break_evens_are_the_reviews(answers, case: WorkbookCase):
    book, review = answers[case.name]
    today = review.today
    assert book.value("plan_cost_today") == pytest.approx(today.cost_today.amount, abs=CENT)
    for place, found in enumerate(_in_order(case, review), start=1):
        even, value = found.break_even, found.value
        price = even.price_per_device_h
        for name, expected in {
            "hours": found.training.training_h,
            "cost": found.training.cost.amount,
            "device_hours": value.device_hours.amount,
            "engineer_hours": value.engineer_hours.amount,
            "earlier_result": value.earlier_result.amount,
            "break_even_trainings": even.trainings_per_month,
            "break_even_time": even.time_ratio,
            "break_even_price": None if price is None else price.amount,
        }.items():
            theirs = book.value(f"{name}_{place}")
            assert theirs == ("none" if expected is None else pytest.approx(expected, abs=CENT)), (
                name
            )
    lines = {line.key: line for line in _in_order(case, review)[0].investment.lines}
    for key, line in lines.items():
        assert book.value(f"plan_line_{key}") == pytest.approx(line.cost.amount, abs=CENT)


def _in_order(case: WorkbookCase, review: Review) -> list[BusinessCase]:
    """Candidates as the workbook has them: its report's candidate first."""
    about = make_review(case.given).verdict.schedule
    known = [found for found in review.schedules if found.case is not None]
    ordered = sorted(known, key=lambda found: found.schedule != about)
    return [found.case for found in ordered if found.case is not None]


def _discounted(case: BusinessCase, review: Review) -> CashFlows:
    return discounted(case.flows, review.assumptions.discount_rate_per_year)


def test_the_cases_pay_back_never_at_once_and_with_no_or_several_rates(answers):
    kinds = {found.payback.kind for _, review in answers.values() for found in cases_of(review)}
    rates = {found.irr.kind for _, review in answers.values() for found in cases_of(review)}
    assert kinds == {"never", "immediate", "after_months"}
    assert {"none", "one"} <= rates


def test_beyond_the_last_month_of_the_table_nothing_is_told(answers):
    book, _ = answers[BEYOND.name]
    assert book.value("npv_1") == book.value("payback_1") == "#N/A"
    assert book.value("plan_cost_today") == pytest.approx(384)


def test_a_changed_input_is_counted_and_said_on_every_sheet_of_results(answers):
    said = say("workbook.inputs_changed", "en")
    same, _ = answers["as it is"]
    other, _ = answers["price, trainings, engineers"]
    assert same.value("inputs_changed") == 0
    assert other.value("inputs_changed") == 3
    for sheet in ("Summary", "Assumptions", "Money", "Schedules", "Simulated", "Charts"):
        column = [row[0] for row in other._book[sheet].iter_rows(max_row=6, values_only=True)]
        assert said in column
        column = [row[0] for row in same._book[sheet].iter_rows(max_row=6, values_only=True)]
        assert said not in column


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_value_in_the_file_is_what_the_spreadsheet_calculates(language, tmp_path):
    facts = facts_of(next(case.given for case in CASES if case.name == "two candidates"))
    made = workbook_bytes(facts, language)
    [found] = recalculated([changed(made, {})], tmp_path)
    kept = load_workbook(BytesIO(made), data_only=True)
    different = [
        f"{sheet.title}!{cell.coordinate}: {cell.value!r}"
        for sheet in kept
        for row in sheet.iter_rows()
        for cell in row
        if not _same(cell.value, found[sheet.title][cell.coordinate].value)
    ]
    assert different == []


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return (ours or None) == (theirs or None)
