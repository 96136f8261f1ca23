"""The first sheet: the verdict, the five numbers, and what the workbook can and cannot do."""

from backend.reports.xlsx.assumptions_sheet import put_notice
from backend.reports.xlsx.case_terms import CaseTerms
from backend.reports.xlsx.looks import (
    INDENT,
    MUTED,
    PLAIN,
    ROW,
    STRONG,
    TEXT,
    TITLE,
    VALUE,
    Look,
)
from backend.reports.xlsx.paragraphs import put_paragraphs
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.simulated_sheet import grey_out
from backend.reports.xlsx.term import Term
from backend.reports.xlsx.training import Inputs
from planner.exchange.reports import ReportFacts
from wording.catalogue import say
from wording.charts.palette import LIGHT
from wording.charts.scales import scale_of
from wording.report.words import ReportWords

WIDTHS = (40, 18, 10, 18, 12, 62)
_UNWRAPPED: Look = {"text_wrap": False}
_BIG: Look = {"bold": True, "font_size": 14, "valign": "top"}
_TONES: dict[str, Look] = {
    "adopt": {"font_color": LIGHT.good},
    "extend": {"font_color": LIGHT.caution},
    "do_not_adopt": {"font_color": LIGHT.bad},
}


def write_summary(
    sheet: Sheet,
    facts: ReportFacts,
    words: ReportWords,
    case: CaseTerms | None,
    inputs: Inputs,
    changed: Term,
) -> None:
    """Verdict, cards, and the six items of an approval request."""
    sheet.text(0, 0, words.title, TITLE, _UNWRAPPED)
    sheet.text(1, 0, words.subtitle, MUTED, _UNWRAPPED)
    put_notice(sheet, 2, changed)
    look = {**_BIG, **_TONES[words.decision]}
    row = put_paragraphs(sheet, 4, [words.headline], look, widths=WIDTHS)
    first = row
    row = put_paragraphs(sheet, row, [*words.reasons, *words.risks], {}, widths=WIDTHS)
    grey_out(sheet, first - 1, 0, row - 1, len(WIDTHS) - 1)
    row = _cards(sheet, row + 1, facts, words, case, inputs)
    first = row
    for item in words.approval:
        sheet.text(row, 0, item.label, STRONG)
        row = put_paragraphs(sheet, row, item.sentences, {}, widths=WIDTHS, column=1)
    grey_out(sheet, first, 1, row - 1, len(WIDTHS) - 1)
    sheet.text(row + 1, 0, words.footer, MUTED, _UNWRAPPED)


def _cards(
    sheet: Sheet,
    row: int,
    facts: ReportFacts,
    words: ReportWords,
    case: CaseTerms | None,
    inputs: Inputs,
) -> int:
    told = sheet.book.words
    heads = [
        told(f"summary.{key}") for key in ("number", "value", "unit", "short", "unit", "range")
    ]
    sheet.heads(row, heads, texts=(0, 2, 4, 5))
    live = _live(facts, case, told("at_once")) if case else {}
    for place, card in enumerate(words.cards):
        row += 1
        if place:
            sheet.text(row, 0, card.label, STRONG, ROW)
        else:
            sheet.put(row, 0, _net_benefit(sheet, facts, inputs), "", STRONG, ROW)
        _value(sheet, row, card.value, live.get(place), bounded=place == 0)
        sheet.text(row, 5, card.range, TEXT, INDENT, ROW)
    grey_out(sheet, row - len(words.cards) + 1, 5, row, 5)
    sheet.text(row + 1, 0, told("summary.how"), MUTED, _UNWRAPPED)
    return row + 3


def _net_benefit(sheet: Sheet, facts: ReportFacts, inputs: Inputs) -> Term:
    """The label of the first card, whose months follow the horizon."""
    before, _, after = say("card.net_benefit", sheet.book.language, months="|").partition("|")
    months = facts.review.assumptions.horizon_months
    text = f'"{before}"&{inputs["horizon_months"].text}&"{after}"'
    return Term(text=text, value=f"{before}{months}{after}")


def _live(facts: ReportFacts, case: CaseTerms, at_once: str) -> dict[int, tuple[Term, str, str]]:
    """Number, format and unit of the cards that are numbers, by their place."""
    found: dict[int, tuple[Term, str, str]] = {
        0: (case.npv, "money", "money"),
        1: (case.payback, f"months:{at_once}", "months"),
        2: (case.roi, "times", "times"),
    }
    comparison = facts.reviewed.comparison
    if comparison is not None and comparison.time_ratio is not None:
        ratio = comparison.time_ratio.mid
        found[3] = (Term(text=repr(ratio), value=ratio), "percent", "of_today")
    return found


def _value(
    sheet: Sheet, row: int, text: str, live: tuple[Term, str, str] | None, *, bounded: bool
) -> None:
    """The number, with money once more in the unit that people say; else the text of the card."""
    book = sheet.book
    if live is None:
        sheet.text(row, 1, text, STRONG, VALUE, ROW)
        for column in (2, 3, 4):
            sheet.text(row, column, "", ROW)
        return
    term, number, unit = live
    sheet.put(row, 1, term, number, STRONG, ROW)
    sheet.text(row, 2, book.unit(f"unit.{unit}"), PLAIN, INDENT, ROW)
    if bounded and not isinstance(term.value, str):
        scale = scale_of(book.currency, abs(term.value), book.language)
        short = term / scale.factor
        sheet.put(row, 3, short, "times", ROW, VALUE)
        sheet.text(row, 4, scale.unit, PLAIN, INDENT, ROW)
    else:
        sheet.text(row, 3, "", ROW)
        sheet.text(row, 4, "", ROW)
