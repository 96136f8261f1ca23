"""The sheet of inputs: one named cell each, with its unit, where it is from, and what it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.reports.xlsx.given import Given, GivenGroup
from backend.reports.xlsx.looks import (
    HEADING,
    INDENT,
    INPUT,
    MUTED,
    NOTICE,
    PLAIN,
    ROW,
    TEXT,
    TITLE,
    Look,
)
from backend.reports.xlsx.sheet import Book, Sheet
from backend.reports.xlsx.term import Term
from wording.catalogue import say
from wording.charts.palette import LIGHT

CHANGED = "inputs_changed"
"""Name of the cell with the number of inputs that differ from the review."""

_LABEL, _VALUE, _UNIT, _LOW, _HIGH, _ORIGIN, _SOURCE, _RECORDED = range(8)
_HEAD_ROW = 6
_UNWRAPPED: Look = {"text_wrap": False}
_CHANGED_LOOK: Look = {"bg_color": LIGHT.caution_soft, "font_color": LIGHT.caution, "bold": True}
_ALLOWED = ("format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputCells:
    """What the sheet gives to all others.

    Attributes:
        cells: Inputs by name.
        changed: How many of them differ from the review.
    """

    cells: dict[str, Term]
    changed: Term


def new_assumptions_sheet(book: Book) -> Sheet:
    """The empty sheet, in its place among the others."""
    return book.sheet("assumptions", [58, 17, 19, 13, 13, 17, 46, 17])


def write_assumptions(
    sheet: Sheet, groups: Iterable[GivenGroup], *, assumptions_sha256: str
) -> InputCells:
    """Every input in a cell of its own; cells that formulas cannot follow stay locked."""
    book, words = sheet.book, sheet.book.words
    sheet.text(0, 0, words("sheet.assumptions"), TITLE, _UNWRAPPED)
    for row, key in ((1, "assumptions.how"), (2, "assumptions.fixed")):
        sheet.text(row, 0, words(key), MUTED, _UNWRAPPED)
    recorded = words("assumptions.recorded_hash", hash=assumptions_sha256)
    sheet.text(3, 0, recorded, MUTED, _UNWRAPPED)
    heads = ("input", "value", "unit", "low", "high", "origin", "source", "recorded")
    sheet.heads(_HEAD_ROW, [words(f"assumptions.{head}") for head in heads], texts=(0, 2, 5, 6))
    row, cells, changes = _HEAD_ROW + 1, {}, []
    for group in groups:
        sheet.text(row, _LABEL, words(f"group.{group.title}"), HEADING)
        first = row + 1
        for row, found in enumerate(group.inputs, start=first):
            cells[found.name] = book.name(found.name, _write(sheet, row, found))
        changes.append(_changes(sheet, first, row))
        row += 2
    changed = book.name(CHANGED, sheet.put(4, _RECORDED, _together(changes), "count", MUTED))
    sheet.text(4, _SOURCE, words("assumptions.changed"), MUTED)
    _notice(sheet, 4, changed)
    _finish(sheet)
    return InputCells(cells=cells, changed=changed)


def put_notice(sheet: Sheet, row: int, changed: Term) -> None:
    """A sentence that appears once an input is not what it was."""
    _notice(sheet, row, changed)


def _notice(sheet: Sheet, row: int, changed: Term) -> None:
    from_then_on = sheet.book.words("inputs_changed")
    text = from_then_on.replace('"', '""')
    found = Term(text=f'IF({changed.text}>0,"{text}","")', value="")
    sheet.put(row, 0, found, "", NOTICE)


def _write(sheet: Sheet, row: int, found: Given) -> Term:
    book = sheet.book
    sheet.text(row, _LABEL, found.label, TEXT, ROW)
    look = {} if found.fixed else INPUT
    cell = sheet.put(row, _VALUE, found.value, found.number, ROW, {"align": "right"}, look)
    sheet.text(row, _UNIT, _unit(book, found), PLAIN, INDENT, ROW)
    for column, end in ((_LOW, "low"), (_HIGH, "high")):
        if found.ends is None:
            sheet.text(row, column, "", ROW)
        else:
            sheet.put(row, column, getattr(found.ends, end), found.number, ROW)
    origin = say(f"origin.{found.origin}", book.language)
    if found.fixed:
        origin = book.words("assumptions.origin_fixed", origin=origin)
    sheet.text(row, _ORIGIN, origin, PLAIN, INDENT, ROW)
    sheet.text(row, _SOURCE, found.source, TEXT, INDENT, ROW)
    sheet.put(row, _RECORDED, found.value, found.number, ROW, {"align": "right"}, MUTED)
    if not found.fixed:
        sheet.page.data_validation(row, _VALUE, row, _VALUE, _validation(book, found, cell.text))
    return cell


def _unit(book: Book, found: Given) -> str:
    if not found.unit:
        return ""
    return book.unit(f"unit.{found.unit}", found.currency)


def _validation(book: Book, found: Given, cell: str) -> dict[str, Any]:
    """Refuses what the review would refuse as well."""
    refused = {
        "error_title": book.words("assumptions.refused_title"),
        "error_message": book.words("assumptions.refused"),
    }
    if found.choices:
        return {"validate": "list", "source": list(found.choices), **refused}
    kind = "integer" if found.whole else "decimal"
    if found.high is None:
        sign = ">" if found.above_zero else ">="
        return {"validate": kind, "criteria": sign, "value": found.low, **refused}
    if found.above_zero:
        # No rule between two numbers leaves out one of them.
        inside = f"=AND(ISNUMBER({cell}),{cell}>{found.low!r},{cell}<={found.high!r})"
        return {"validate": "custom", "value": inside, **refused}
    ends = {"minimum": found.low, "maximum": found.high}
    return {"validate": kind, "criteria": "between", **ends, **refused}


def _changes(sheet: Sheet, first: int, last: int) -> Term:
    """How many cells of a group differ from their recorded values."""
    blocks = [
        f"{sheet.address(first, column)}:{sheet.address(last, column).partition('!')[2]}"
        for column in (_VALUE, _RECORDED)
    ]
    return Term(text=f"SUMPRODUCT(--({blocks[0]}<>{blocks[1]}))", value=0.0)


def _together(counts: list[Term]) -> Term:
    text = "+".join(count.text for count in counts)
    return Term(text=text, value=0.0)


def _finish(sheet: Sheet) -> None:
    page = sheet.page
    page.freeze_panes(_HEAD_ROW + 1, 1)
    page.repeat_rows(_HEAD_ROW)
    page.conditional_format(
        _HEAD_ROW + 1,
        _VALUE,
        _HEAD_ROW + 200,
        _VALUE,
        {
            "type": "formula",
            "criteria": f"=$B{_HEAD_ROW + 2}<>$H{_HEAD_ROW + 2}",
            "format": sheet.book.looks.over(_CHANGED_LOOK),
        },
    )
    page.protect("", dict.fromkeys(_ALLOWED, True))
