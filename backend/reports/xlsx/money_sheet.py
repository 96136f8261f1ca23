"""The sheet of money: paid once, worth of a training, what the plan returns, month by month."""

from backend.reports.xlsx.assumptions_sheet import put_notice
from backend.reports.xlsx.case_terms import CaseTerms, PlanTerms
from backend.reports.xlsx.looks import (
    HEADING,
    INDENT,
    LEFT,
    MUTED,
    PLAIN,
    ROW,
    SUM,
    TEXT,
    TITLE,
    Look,
)
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.term import Term, choose
from backend.reports.xlsx.training import Inputs
from planner.economics.investment import PILOT_LINES
from planner.reviews.pace import Unavailable
from wording.catalogue import say
from wording.money import currency_name

_UNWRAPPED: Look = {"text_wrap": False}
_MONTH_HEADS = (
    "month",
    "worth",
    "upkeep",
    "residual",
    "tax_saved",
    "flow",
    "total",
    "discounted_flow",
    "discounted_total",
)
WIDTHS = (46, 17, 17, 17, 17, 17, 17, 17, 17)


def write_money(
    sheet: Sheet, plan: PlanTerms, case: CaseTerms, inputs: Inputs, changed: Term, horizon: int
) -> None:
    """All of it for the candidate that the verdict is about.

    Args:
        sheet: Empty.
        plan: What all candidates share.
        case: The candidate.
        inputs: For the horizon, at which the months end.
        changed: How many inputs are not what they were.
        horizon: As the review has it; so many months are printed.
    """
    book, words, language = sheet.book, sheet.book.words, sheet.book.language
    sheet.text(0, 0, words("sheet.money"), TITLE, _UNWRAPPED)
    subtitle = words(
        "money.subtitle", schedule=case.schedule, currency=currency_name(book.currency, language)
    )
    sheet.text(1, 0, subtitle, MUTED, _UNWRAPPED)
    put_notice(sheet, 2, changed)
    row = _investment(sheet, 4, plan)
    row = _training(sheet, row + 1, plan, case)
    row = _returns(sheet, row + 1, case)
    last = _months(sheet, row + 1, plan, case, inputs)
    sheet.page.print_area(0, 0, last - len(case.months.flow.cells) + 1 + horizon, len(WIDTHS) - 1)


def _investment(sheet: Sheet, row: int, plan: PlanTerms) -> int:
    words, language = sheet.book.words, sheet.book.language
    sheet.text(row, 0, say("page.review.paid_once", language), HEADING)
    sheet.heads(row + 1, [words("money.line"), words("money.amount"), words("money.counted")])
    row += 2
    for key, line in plan.lines.items():
        label = say(f"investment.{key}", language)
        if key in PILOT_LINES:
            label = words("money.sunk_line", line=label)
        sheet.text(row, 0, label, TEXT, ROW)
        sheet.put(row, 1, line, "money", ROW)
        sheet.put(row, 2, plan.counted[key], "money", ROW)
        row += 1
    sheet.text(row, 0, say("page.review.sum", language), SUM)
    sheet.text(row, 1, "", SUM)
    sheet.put(row, 2, plan.together, "money", SUM)
    return row + 1


def _training(sheet: Sheet, row: int, plan: PlanTerms, case: CaseTerms) -> int:
    words, language = sheet.book.words, sheet.book.language
    sheet.text(row, 0, say("page.review.worth_each", language), HEADING)
    heads = (
        words("money.line"),
        words("money.today"),
        words("money.with_it"),
        words("money.saved"),
    )
    sheet.heads(row + 1, heads)
    today, worth = plan.today, case.worth
    rows = (
        (words("money.hours"), "hours", today.hours, worth.hours, today.hours - worth.hours),
        (words("money.cost"), "money", today.cost, worth.cost, today.cost - worth.cost),
    )
    row += 2
    for label, number, *terms in rows:
        sheet.text(row, 0, label, TEXT, ROW)
        for column, term in enumerate(terms, start=1):
            sheet.put(row, column, term, number, ROW)
        row += 1
    for key in ("device_hours", "engineer_hours", "earlier_result"):
        sheet.text(row, 0, say(f"value.{key}", language), TEXT, ROW)
        for column in (1, 2):
            sheet.text(row, column, "", ROW)
        sheet.put(row, 3, getattr(worth, key), "money", ROW)
        row += 1
    sheet.text(row, 0, say("page.review.sum", language), SUM)
    for column in (1, 2):
        sheet.text(row, column, "", SUM)
    sheet.put(row, 3, case.value, "money", SUM)
    return row + 1


def return_rows(case: CaseTerms, at_once: str) -> list[tuple[str, Term, str]]:
    """Key below ``returns.name.``, number and its format of everything that a plan returns."""
    months = f"months:{at_once}"
    return [
        ("net_benefit", case.npv, "money"),
        ("payback", case.payback, months),
        ("discounted_payback", case.discounted_payback, months),
        ("internal_rate", case.rate, "rate"),
        ("return_on_investment", case.roi, "times"),
        ("break_even_trainings", case.break_even["trainings"], "decimal"),
        ("break_even_time", case.break_even["time"], "percent"),
        ("break_even_price", case.break_even["price"], "price"),
    ]


def _returns(sheet: Sheet, row: int, case: CaseTerms) -> int:
    words, language = sheet.book.words, sheet.book.language
    sheet.text(row, 0, words("money.returns"), HEADING)
    sheet.heads(
        row + 1,
        [words("money.line"), words("money.amount"), words("assumptions.unit")],
        texts=(0, 2),
    )
    row += 2
    for key, term, number in return_rows(case, words("at_once")):
        sheet.text(row, 0, say(f"returns.name.{key}", language), TEXT, ROW)
        sheet.put(row, 1, term, number, ROW)
        unit = sheet.book.unit(f"money.unit_{key}")
        sheet.text(row, 2, unit, PLAIN, INDENT, ROW)
        row += 1
    text = words("money.lost").replace('"', '""')
    lost = f'IF({case.lost.text}="","","{text} "&TEXT({case.lost.text},"0.0"))'
    shown = f"{words('money.lost')} {case.lost.value:.1f}" if case.lost.value != "" else ""
    sheet.put(row, 0, Term(text=lost, value=shown), "", MUTED, _UNWRAPPED)
    return row + 1


def _months(sheet: Sheet, row: int, plan: PlanTerms, case: CaseTerms, inputs: Inputs) -> int:
    words = sheet.book.words
    sheet.text(row, 0, words("money.months"), HEADING)
    sheet.heads(row + 1, [words(f"month.{key}") for key in _MONTH_HEADS])
    sheet.page.set_h_pagebreaks([row])
    sheet.page.repeat_rows(row + 1)
    shared, own = plan.months, case.months
    columns = (
        own.worth,
        shared.upkeep,
        shared.residual,
        shared.tax_saved,
        own.flow,
        own.total,
        own.discounted_flow,
        own.discounted,
    )
    first = row + 2
    for month, at in enumerate(shared.month.cells):
        within = at <= inputs["horizon_months"]
        sheet.put(first + month, 0, choose(within, at, ""), "count", ROW, LEFT)
        for column, found in enumerate(columns, start=1):
            shown = choose(within, found.cells[month], "")
            sheet.put(first + month, column, shown, "money", ROW)
    return first + len(shared.month.cells) - 1


def write_no_money(sheet: Sheet, unavailable: Unavailable | None) -> None:
    """Why there is none."""
    language = sheet.book.language
    sheet.text(0, 0, sheet.book.words("sheet.money"), TITLE, _UNWRAPPED)
    key = f"unavailable.{unavailable}" if unavailable else "page.review.no_money"
    sheet.text(2, 0, say(key, language), MUTED, _UNWRAPPED)
