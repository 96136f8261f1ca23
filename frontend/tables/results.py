"""Production trainings as tables: those of a file before they are stored, and those that count."""

from collections.abc import Iterable

from frontend.components.markup import element, framed_table, text
from planner.decisions.production_result import ProductionResult, ResultOrigin
from planner.decisions.result_rows import ResultRow, RowFate
from planner.exchange.production_files import ResultsPreview
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.numbers import number
from wording.refusals import refusal_sentence
from wording.times import day

MOST_ROWS = 100

HEADS = ("row", "schedule", "day", "training_h", "paid", "reached", "fate")

TONES: dict[RowFate, str] = {
    "new": "good",
    "known": "caution",
    "left_out": "caution",
    "refused": "bad",
}


def preview(found: ResultsPreview, language: Language) -> str:
    """Every training of a file, as far as a page can show them, those that are refused first."""
    rows = sorted(found.rows, key=lambda row: row.fate != "refused")
    return framed_table(
        say("page.decide.file_rows", language),
        heads=[
            element("th", text(say(f"page.decide.{head}", language)), scope="col") for head in HEADS
        ],
        rows=[_row(row, language) for row in rows[:MOST_ROWS]],
    )


def paid(result: ProductionResult, language: Language) -> str:
    """What a training used: its cost, or its device-hours."""
    if result.cost is not None:
        return money(result.cost.amount, result.cost.currency, language)
    hours = number(result.device_h or 0.0, language)
    return say("page.decide.device_hours", language, hours=hours)


def origin_of(origin: ResultOrigin | None, entered_by: str, language: Language) -> str:
    """Who entered a training, or the row of the file that it was taken from."""
    if origin is None:
        return say("page.decide.origin_hand", language, who=entered_by)
    return say(
        "page.decide.origin_file", language, file=origin.file_name, row=_place(origin, language)
    )


def _row(row: ResultRow, language: Language) -> str:
    cells = [_place(row, language), row.schedule, *_values(row.result, language)]
    fate = element(
        "span",
        text(say(f"page.decide.fate_{row.fate}", language)),
        class_=f"pb-pill pb-{TONES[row.fate]}",
    )
    reasons = "".join(element("p", text(one)) for one in _reasons(row, language))
    return element(
        "tr",
        *(element("td", text(cell), class_="pb-text") for cell in cells),
        element("td", fate + reasons, class_="pb-text"),
    )


def _place(of: ResultRow | ResultOrigin, language: Language) -> str:
    if of.line is None:
        return of.name
    line = say("page.decide.line", language, line=str(of.line))
    return f"{line} · {of.name}" if of.name else line


def _values(result: ProductionResult | None, language: Language) -> tuple[str, ...]:
    if result is None:
        return ("", "", "", "")
    return (
        day(result.day, language),
        number(result.training_h, language),
        paid(result, language),
        say("page.decide.yes" if result.reached else "page.decide.no", language),
    )


def _reasons(row: ResultRow, language: Language) -> Iterable[str]:
    for one in row.refusals:
        yield refusal_sentence(one.code, language, one.params)
