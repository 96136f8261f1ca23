"""The sheet of what only a simulation knows: fixed numbers, greyed once an input differs."""

from collections.abc import Iterator, Sequence

from backend.reports.xlsx.assumptions_sheet import CHANGED, put_notice
from backend.reports.xlsx.looks import GREYED, HEADING, LEFT, MUTED, RIGHT, ROW, TEXT, TITLE, Look
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.term import Term
from planner.economics.business_case import BusinessCase
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.inputs import input_name

_UNWRAPPED: Look = {"text_wrap": False}
_HEAD_ROW = 5

Row = tuple[str, str, Sequence[float | None]]
"""Label, number format, and one value a candidate; None is never."""


def grey_out(sheet: Sheet, row: int, column: int, last_row: int, last_column: int) -> None:
    """Greys cells once an input is not what it was when they were simulated."""
    sheet.page.conditional_format(
        row,
        column,
        last_row,
        last_column,
        {
            "type": "formula",
            "criteria": f"={CHANGED}>0",
            "format": sheet.book.looks.over(GREYED),
        },
    )


def write_simulated(
    sheet: Sheet,
    cases: Sequence[ScheduleReview],
    changed: Term,
    *,
    assumptions_sha256: str,
    limit_months: float,
) -> None:
    """Odds and bands of every candidate with a case, the drivers of the first, bands by month."""
    book, words = sheet.book, sheet.book.words
    sheet.text(0, 0, words("sheet.simulated"), TITLE, _UNWRAPPED)
    sheet.text(1, 0, words("simulated.note", hash=assumptions_sha256), MUTED, _UNWRAPPED)
    put_notice(sheet, 2, changed)
    if not cases:
        sheet.text(_HEAD_ROW, 0, say("page.review.no_money", book.language), TEXT)
        return
    names = [reviewed.schedule for reviewed in cases]
    sheet.columns(1, max(5, len(names)), 21)
    sheet.heads(_HEAD_ROW, [words("money.line"), *names])
    known = [reviewed.case for reviewed in cases if reviewed.case is not None]
    row = _HEAD_ROW + 1
    for label, number, values in _rows(sheet, known, limit_months):
        row = _write(sheet, row, label, number, values)
    row = _tornado(sheet, row + 1, known[0], names[0])
    last = _by_month(sheet, row + 1, known[0], names[0])
    grey_out(sheet, _HEAD_ROW + 1, 1, last, max(5, len(names)))
    sheet.page.freeze_panes(_HEAD_ROW + 1, 1)


def _rows(sheet: Sheet, cases: Sequence[BusinessCase], limit_months: float) -> Iterator[Row]:
    words = sheet.book.words
    found = [case.propagation for case in cases]
    yield (
        words("simulated.npv_positive"),
        "percent",
        [one.odds.npv_positive for one in found],
    )
    yield (
        words("simulated.payback_in_time", months=limit_months),
        "percent",
        [one.odds.payback_in_time for one in found],
    )
    yield (
        words("simulated.npv_positive_error"),
        "percent",
        [one.odds.npv_positive_se for one in found],
    )
    for end in ("low", "mid", "high", "mean"):
        amounts = [getattr(one.npv, end).amount for one in found]
        yield words(f"simulated.npv_{end}"), "money", amounts
    for end in ("low", "mid", "high"):
        months = [getattr(one.payback, f"{end}_months") for one in found]
        yield words(f"simulated.payback_{end}"), f"months:{words('at_once')}", months
    for scenario in ("pessimistic", "base", "optimistic"):
        worth = [getattr(one.scenarios, scenario).amount for one in found]
        yield words(f"simulated.{scenario}"), "money", worth
    for end in ("low", "high"):
        ratios = [getattr(case, f"time_ratio_{end}") for case in cases]
        yield words(f"simulated.time_ratio_{end}"), "percent", ratios


def _write(sheet: Sheet, row: int, label: str, number: str, values: Sequence[float | None]) -> int:
    sheet.text(row, 0, label, TEXT, ROW)
    for column, value in enumerate(values, start=1):
        if value is None:
            sheet.text(row, column, sheet.book.words("never"), RIGHT, ROW)
        else:
            sheet.put(row, column, value, number, ROW)
    return row + 1


def _tornado(sheet: Sheet, row: int, case: BusinessCase, schedule: str) -> int:
    words = sheet.book.words
    sheet.text(row, 0, words("simulated.tornado", schedule=schedule), HEADING, _UNWRAPPED)
    heads = ("input", "input_low", "input_high", "npv_at_low", "npv_at_high", "swing")
    sheet.heads(row + 1, [words(f"simulated.{head}") for head in heads])
    row += 2
    for bar in case.propagation.tornado:
        name = input_name(bar.name, sheet.book.language)
        sheet.text(row, 0, name[:1].upper() + name[1:], TEXT, ROW)
        sheet.put(row, 1, bar.low_value, "decimal", ROW)
        sheet.put(row, 2, bar.high_value, "decimal", ROW)
        for column, amount in enumerate((bar.npv_at_low, bar.npv_at_high, bar.swing), start=3):
            sheet.put(row, column, amount.amount, "money", ROW)
        row += 1
    return row


def _by_month(sheet: Sheet, row: int, case: BusinessCase, schedule: str) -> int:
    words, band = sheet.book.words, case.propagation.cumulative
    sheet.text(row, 0, words("simulated.by_month", schedule=schedule), HEADING, _UNWRAPPED)
    heads = ("month", "low", "mid", "high")
    sheet.heads(row + 1, [words(f"simulated.month_{head}") for head in heads])
    sheet.page.set_h_pagebreaks([row])
    row += 2
    for month, ends in enumerate(zip(band.low, band.mid, band.high, strict=True)):
        sheet.put(row, 0, float(month), "count", ROW, LEFT)
        for column, amount in enumerate(ends, start=1):
            sheet.put(row, column, amount, "money", ROW)
        row += 1
    return row - 1
