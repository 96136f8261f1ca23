"""The sheet that compares schedules: what was measured, and what follows from the inputs."""

from collections.abc import Callable, Mapping

from backend.reports.xlsx.assumptions_sheet import put_notice
from backend.reports.xlsx.case_terms import CaseTerms, PlanTerms
from backend.reports.xlsx.looks import (
    HEADING,
    INDENT,
    MUTED,
    PLAIN,
    RIGHT,
    ROW,
    TEXT,
    TITLE,
    VALUE,
    Look,
)
from backend.reports.xlsx.money_sheet import return_rows
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.term import Term
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say

_UNWRAPPED: Look = {"text_wrap": False}
_FIRST_ROW = 5

Cell = Term | float | str | None


def write_schedules(
    sheet: Sheet,
    review: Review,
    plan: PlanTerms | None,
    cases: Mapping[str, CaseTerms],
    changed: Term,
) -> None:
    """One column a schedule, in the pilot's order."""
    words, language = sheet.book.words, sheet.book.language
    sheet.text(0, 0, words("sheet.schedules"), TITLE, _UNWRAPPED)
    sheet.text(1, 0, words("schedules.note"), MUTED, _UNWRAPPED)
    put_notice(sheet, 2, changed)
    heads = [words("schedules.quantity"), words("assumptions.unit")]
    names = [reviewed.schedule for reviewed in review.schedules]
    sheet.columns(2, 1 + len(names), 21)
    sheet.heads(_FIRST_ROW - 1, [*heads, *names], texts=(0, 1))
    roles = [say(f"role.{reviewed.role}", language) for reviewed in review.schedules]
    row = _row(sheet, _FIRST_ROW, words("schedules.role"), "", "", roles)
    row = _heading(sheet, row, "measured")
    for key, unit, number, told in _MEASURED:
        found = [told(reviewed) for reviewed in review.schedules]
        row = _row(sheet, row, words(f"schedules.{key}"), _unit(sheet, unit), number, found)
    row = _live(sheet, _heading(sheet, row, "live"), review, plan, cases)
    kinds = [
        say(f"decision.{reviewed.verdict.kind}", language) if reviewed.verdict else ""
        for reviewed in review.schedules
    ]
    _row(sheet, _heading(sheet, row, "judged"), words("schedules.verdict"), "", "", kinds)
    sheet.page.freeze_panes(_FIRST_ROW, 2)
    sheet.page.repeat_rows(_FIRST_ROW - 1)
    sheet.page.fit_to_pages(1, 1)


def _heading(sheet: Sheet, row: int, key: str) -> int:
    """Below an empty row; tells the row after it."""
    sheet.text(row + 1, 0, sheet.book.words(f"schedules.{key}"), HEADING)
    return row + 2


def _unit(sheet: Sheet, unit: str) -> str:
    return sheet.book.unit(f"unit.{unit}") if unit else ""


def _live(
    sheet: Sheet,
    row: int,
    review: Review,
    plan: PlanTerms | None,
    cases: Mapping[str, CaseTerms],
) -> int:
    """What a change of an input changes, schedule by schedule."""
    words = sheet.book.words
    columns = [_live_of(reviewed, plan, cases, words("at_once")) for reviewed in review.schedules]
    labels = {
        "hours": (words("money.hours"), _unit(sheet, "h")),
        "cost": (words("money.cost"), _unit(sheet, "money")),
        "value": (say("page.review.worth_each", sheet.book.language), _unit(sheet, "money")),
    }
    keys = list(dict.fromkeys(key for found in columns for key in found))
    for key in keys:
        if key in labels:
            label, unit = labels[key]
        else:
            label = say(f"returns.name.{key}", sheet.book.language)
            unit = sheet.book.unit(f"money.unit_{key}")
        numbers = [found[key][1] for found in columns if key in found]
        terms: list[Cell] = [found[key][0] if key in found else None for found in columns]
        row = _row(sheet, row, label, unit, numbers[0], terms)
    if not keys and review.unavailable is not None:
        sheet.text(row, 0, say(f"unavailable.{review.unavailable}", sheet.book.language), TEXT)
        row += 1
    return row


def _live_of(
    reviewed: ScheduleReview,
    plan: PlanTerms | None,
    cases: Mapping[str, CaseTerms],
    at_once: str,
) -> dict[str, tuple[Term, str]]:
    if plan is not None and reviewed.role == "baseline":
        return {"hours": (plan.today.hours, "hours"), "cost": (plan.today.cost, "money")}
    case = cases.get(reviewed.schedule)
    if case is None:
        return {}
    return {
        "hours": (case.worth.hours, "hours"),
        "cost": (case.worth.cost, "money"),
        "value": (case.value, "money"),
        **{key: (term, number) for key, term, number in return_rows(case, at_once)},
    }


def _row(
    sheet: Sheet, row: int, label: str, unit: str, number: str, found: list[Cell] | list[str]
) -> int:
    sheet.text(row, 0, label, TEXT, ROW)
    sheet.text(row, 1, unit, PLAIN, INDENT, ROW)
    for column, cell in enumerate(found, start=2):
        if cell is None or isinstance(cell, str):
            sheet.text(row, column, cell or "\N{EN DASH}", TEXT, RIGHT, ROW)
        else:
            sheet.put(row, column, cell, number, ROW, VALUE)
    return row + 1


_Told = Callable[[ScheduleReview], Cell]

_MEASURED: tuple[tuple[str, str, str, _Told], ...] = (
    ("rate", "", "ratio", lambda found: found.rate_multiplier),
    ("reached", "runs", "count", lambda found: float(found.measured.reached)),
    ("runs", "runs", "count", lambda found: float(found.measured.runs)),
    ("epochs", "", "decimal", lambda found: found.measured.epochs_to_target),
    ("steps", "", "count", lambda found: found.measured.steps_to_target),
    ("samples", "", "count", lambda found: found.measured.samples_to_target),
    ("time", "s", "decimal", lambda found: _interval(found, "mid")),
    ("time_low", "s", "decimal", lambda found: _interval(found, "low")),
    ("time_high", "s", "decimal", lambda found: _interval(found, "high")),
    ("ratio", "of_today", "percent", lambda found: _ratio(found, "mid")),
    ("ratio_low", "of_today", "percent", lambda found: _ratio(found, "low")),
    ("ratio_high", "of_today", "percent", lambda found: _ratio(found, "high")),
    ("quality", "", "quality", lambda found: found.measured.final_quality),
)


def _interval(found: ScheduleReview, end: str) -> float | None:
    interval = found.measured.time_to_target_s
    return None if interval is None else float(getattr(interval, end))


def _ratio(found: ScheduleReview, end: str) -> float | None:
    interval = found.comparison.time_ratio if found.comparison else None
    return None if interval is None else float(getattr(interval, end))
