"""The workbook of a review: a sheet for each thing that a reader looks for."""

from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook

from backend.reports.visible_text import visible
from backend.reports.xlsx import basis_sheet, charts_sheet, money_sheet, summary_sheet
from backend.reports.xlsx.assumptions_sheet import (
    InputCells,
    new_assumptions_sheet,
    write_assumptions,
)
from backend.reports.xlsx.case_terms import CaseTerms, PlanTerms, case_terms, plan_terms
from backend.reports.xlsx.chart_data import ChartData, Live
from backend.reports.xlsx.flows import horizon_within
from backend.reports.xlsx.given_of_review import given_groups
from backend.reports.xlsx.months import MONTHS_AT_LEAST, MonthTable
from backend.reports.xlsx.rate_search import RateSearch
from backend.reports.xlsx.schedules_sheet import write_schedules
from backend.reports.xlsx.sheet import Book
from backend.reports.xlsx.simulated_sheet import write_simulated
from backend.reports.xlsx.workings import Workings
from planner.exchange.reports import ReportFacts
from planner.reviews.schedule_review import ScheduleReview
from wording.language import Language
from wording.report.words import report_words

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook_bytes(facts: ReportFacts, language: Language) -> bytes:
    """The workbook; the same facts give the same bytes."""
    stream = BytesIO()
    workbook = Workbook(stream, _OPTIONS)
    made = datetime.combine(date.fromisoformat(facts.reported_on), time())
    workbook.set_properties(
        {"title": visible(facts.review.pilot), "author": "Paybatch", "created": made}
    )
    workbook.set_size(2400, 1500)
    _fill(Book(workbook, language, facts.review.assumptions.currency), facts)
    workbook.close()
    return stream.getvalue()


def _fill(book: Book, facts: ReportFacts) -> None:
    """Sheets in the order of their tabs, written in the order in which they need each other."""
    review = facts.review
    words = report_words(facts, book.language)
    cases = _cases(facts)
    summary = book.sheet("summary", summary_sheet.WIDTHS)
    assumptions = new_assumptions_sheet(book)
    money = book.sheet("money", money_sheet.WIDTHS)
    schedules = book.sheet("schedules", [50, 16])
    simulated = book.sheet("simulated", [62])
    charts = book.sheet("charts", charts_sheet.WIDTHS)
    basis = book.sheet("basis", basis_sheet.WIDTHS)
    data = book.sheet("chart_data", [16])
    last_month = max(MONTHS_AT_LEAST, review.assumptions.horizon_months)
    given = write_assumptions(
        assumptions,
        given_groups(review, cases, book.language, last_month=last_month),
        assumptions_sha256=facts.assumptions_sha256,
    )
    live = _live(book, facts, cases, given, last_month)
    main = live.cases.get(facts.schedule) if live else None
    if live and main:
        horizon = review.assumptions.horizon_months
        money_sheet.write_money(money, live.plan, main, live.inputs, given.changed, horizon)
    else:
        money_sheet.write_no_money(money, review.unavailable)
    write_schedules(
        schedules, review, live.plan if live else None, live.cases if live else {}, given.changed
    )
    write_simulated(
        simulated,
        cases,
        given.changed,
        assumptions_sha256=facts.assumptions_sha256,
        limit_months=review.assumptions.payback_limit_months,
    )
    charts_sheet.write_charts(
        charts, ChartData(data, live), words.charts, given.changed, facts.schedule
    )
    summary_sheet.write_summary(summary, facts, words, main, given.cells, given.changed)
    basis_sheet.write_basis(basis, facts, words, last_month)
    summary.page.activate()


def _cases(facts: ReportFacts) -> list[ScheduleReview]:
    """Candidates with a case, the report's first."""
    known = [found for found in facts.review.schedules if found.case is not None]
    return sorted(known, key=lambda found: found.schedule != facts.schedule)


def _live(
    book: Book,
    facts: ReportFacts,
    cases: list[ScheduleReview],
    given: InputCells,
    last_month: int,
) -> Live | None:
    """The sheets on which everything is worked out; None where no candidate has a case."""
    if not cases:
        return None
    workings = Workings(book, [reviewed.schedule for reviewed in cases])
    table = MonthTable(book, last_month)
    inputs = dict(given.cells)
    inputs["horizon_months"] = horizon_within(given.cells, last_month, workings.keeper(0))
    plan: PlanTerms = plan_terms(book, facts.review, inputs, workings, table)
    search = RateSearch(book, plan.months)
    found: dict[str, CaseTerms] = {}
    for place, reviewed in enumerate(cases, start=1):
        found[reviewed.schedule] = case_terms(
            book,
            plan,
            reviewed,
            inputs,
            workings.keeper(place),
            place=place,
            table=table,
            search=search,
        )
    return Live(plan=plan, cases=found, inputs=inputs)
